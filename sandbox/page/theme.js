// Runs before the first paint, so that nobody sees the wrong colours for a moment.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function chosen() {
    try { return localStorage.getItem("theme"); } catch (refused) { return null; }
  }
  function dress() {
    document.documentElement.dataset.theme = chosen() || (dark.matches ? "dark" : "light");
  }
  dark.addEventListener("change", dress);
  dress();
})();
