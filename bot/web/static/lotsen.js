// What the pages do better with a script; every page works without it.
"use strict";

function forgetEverything() {
  sessionStorage.clear();
}

// A shared phone: whoever leaves takes the typed text along.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/logga-ut") forgetEverything();
});

// A page that opens with a fault begins there, also for a screen reader.
function focusOnWhatIsNew(within) {
  const target = within.querySelector("[data-focus]");
  if (target) target.focus();
  return Boolean(target);
}

// A link to a folded part unfolds it.
function unfoldTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) {
    one.open = true;
  }
  target.scrollIntoView();
}

// The score beside the two scales, in words, and its cell in the matrix.
function watchScore(form) {
  const output = form.querySelector("[data-score]");
  const show = () => {
    const severity = form.querySelector("[name=severity]:checked");
    const likelihood = form.querySelector("[name=likelihood]:checked");
    for (const cell of form.querySelectorAll("[data-cell].here")) cell.classList.remove("here");
    if (!severity || !likelihood) {
      output.textContent = output.dataset.none;
      return;
    }
    const cell = form.querySelector(`[data-cell="${severity.value}-${likelihood.value}"]`);
    cell.classList.add("here");
    output.textContent = cell.dataset.text;
  };
  form.addEventListener("change", show);
  show();
}

// On paper nothing can be unfolded; browsers that do it by the style sheet lose nothing by this.
let unfoldedForPaper = [];
window.addEventListener("beforeprint", () => {
  unfoldedForPaper = [...document.querySelectorAll("details:not([open])")];
  for (const one of unfoldedForPaper) one.open = true;
});
window.addEventListener("afterprint", () => {
  for (const one of unfoldedForPaper) one.open = false;
  unfoldedForPaper = [];
});

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form.risk").forEach(watchScore);
  window.addEventListener("hashchange", unfoldTarget);
  unfoldTarget();
  focusOnWhatIsNew(document.getElementById("main"));
});
