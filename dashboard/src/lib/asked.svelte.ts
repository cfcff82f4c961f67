import { ApiProblem, read } from './api';
import { live } from './live.svelte';

/** Milliseconds after which waiting shows. */
const SLOW = 200;

/** The answer to a question that changes: the old one stays until the new one is there. */
export class Asked<T> {
  data = $state.raw<T>();
  problem = $state.raw<ApiProblem>();
  loading = $state(false);
  /** Waiting long enough to say so. */
  slow = $state(false);
  /** The question that `data` answers. */
  of = $state('');
  #turn = 0;

  /** For use while a component is set up. Asks nothing when `at` gives none. */
  constructor(at: () => string | undefined) {
    $effect(() => {
      void live.version;
      const question = at();
      const turn = ++this.#turn;
      if (!question) {
        this.data = undefined;
        this.problem = undefined;
        this.loading = this.slow = false;
        this.of = '';
        return;
      }
      this.loading = true;
      const timer = setTimeout(() => turn === this.#turn && (this.slow = true), SLOW);
      read<T>(question)
        .then(
          (answer) => {
            if (turn !== this.#turn) return;
            this.data = answer;
            this.problem = undefined;
            this.of = question;
          },
          (error: unknown) => {
            if (turn !== this.#turn) return;
            this.problem = error instanceof ApiProblem ? error : new ApiProblem(0, 'Something went wrong here', String(error));
          },
        )
        .finally(() => {
          clearTimeout(timer);
          if (turn === this.#turn) this.loading = this.slow = false;
        });
    });
  }
}
