/**
 * Days of the proleptic Gregorian calendar, of any year from −9999 to 9999: `Date` reads no years below 0 as they
 * are written here, and takes 0 to 99 for the years after 1900. A time is the milliseconds since 1970 began.
 */
export const DAY = 86_400_000;

export interface Civil { year: number; month: number; day: number }
const LEAP = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
export const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
export const daysIn = (year: number, month: number) => (month === 2 && !isLeap(year) ? 28 : (LEAP[month - 1] ?? 0));

/** The number of a day: 0 is 1 January 1970. Months past the twelve lead into other years. */
export function numberOf(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1), whole = Math.floor(months / 12), one = months - whole * 12 + 1;
  // Years that begin in March, in eras of 400 years.
  const y = one > 2 ? whole : whole - 1, era = Math.floor(y / 400), within = y - era * 400;
  const dayOfYear = Math.floor((153 * (one + (one > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + within * 365 + Math.floor(within / 4) - Math.floor(within / 100) + dayOfYear - 719_468;
}

/** The day with a number. */
export function civil(number: number): Civil {
  const z = number + 719_468, era = Math.floor(z / 146_097), within = z - era * 146_097;
  const y = Math.floor((within - Math.floor(within / 1460) + Math.floor(within / 36_524) - Math.floor(within / 146_096)) / 365);
  const dayOfYear = within - (365 * y + Math.floor(y / 4) - Math.floor(y / 100)), m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return { year: y + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1 };
}

/** The start of a day as a time. */
export const timeOf = (year: number, month = 1, day = 1) => numberOf(year, month, day) * DAY;
/** The day of a time. */
export const civilOf = (time: number) => civil(Math.floor(time / DAY));
/** 0 is Sunday. */
export const weekday = (time: number) => (((Math.floor(time / DAY) + 4) % 7) + 7) % 7;

const DATE = /^(-?\d{4})-(\d{2})-(\d{2})/;
/** A day as it is written, as the time at its start; what else may follow is left out. `NaN` for what is no day. */
export function at(day: string): number {
  const found = DATE.exec(day);
  if (!found) return NaN;
  const year = Number(found[1]), month = Number(found[2]), one = Number(found[3]);
  return month < 1 || month > 12 || one < 1 || one > daysIn(year, month) ? NaN : timeOf(year, month, one);
}

const padded = (n: number, wide: number) => String(Math.abs(n)).padStart(wide, '0');
/** The year in four digits, as records have it. */
export const yearWritten = (year: number) => `${year < 0 ? '-' : ''}${padded(year, 4)}`;
/** The day of a time, as records have it. */
export function dayOf(time: number): string {
  const { year, month, day } = civilOf(time);
  return `${yearWritten(year)}-${padded(month, 2)}-${padded(day, 2)}`;
}

export type Width = 'day' | 'week' | 'month' | 'quarter' | 'year';
const MONTHS: Partial<Record<Width, number>> = { month: 1, quarter: 3, year: 12 };
/** The start of the bin that is `by` bins after the one that starts at `time`. */
export function stepped(time: number, width: Width, by: number): number {
  const months = MONTHS[width];
  if (months === undefined) return time + by * (width === 'week' ? 7 : 1) * DAY;
  const { year, month } = civilOf(time);
  return timeOf(year, month + by * months, 1);
}
