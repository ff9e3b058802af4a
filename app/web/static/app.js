// Small helps; every form works without them.
"use strict";
// The crops of the chosen area come first to hand: the others are hidden, and a single one is chosen.
const narrowing = (root) => root.querySelectorAll("select[data-narrows]").forEach((area) => {
  const crop = document.getElementById(area.dataset.narrows);
  const all = [...crop.options];
  const narrow = () => {
    const grown = (area.selectedOptions[0]?.dataset.crops || "").split(" ").filter(Boolean);
    const kept = all.filter((option) => !option.value || !grown.length || grown.includes(option.value));
    const chosen = crop.value;
    crop.replaceChildren(...kept);
    crop.value = kept.some((option) => option.value === chosen) ? chosen : "";
    if (grown.length === 1) crop.value = grown[0];
  };
  area.addEventListener("change", narrow);
  narrow();
});
narrowing(document);
document.addEventListener("put", (event) => narrowing(event.detail));
// A second press while the first is under way would only make people wait.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
}
