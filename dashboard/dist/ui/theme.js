// Runs before the first paint, so that the wrong theme never flashes.
(function () {
  try {
    var theme = new URLSearchParams(location.search).get('theme') || localStorage.getItem('theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch (_) {
    // Storage may be forbidden; the system's theme holds then.
  }
})();
