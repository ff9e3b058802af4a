// Larger and smaller drawings of a trace: buttons, the keys + and -, and a drag to move. Without it the room scrolls.
"use strict";
for (const place of document.querySelectorAll("[data-trace]")) {
  const room = place.querySelector(".trace-room");
  const svg = room.querySelector("svg");
  const width = svg.width.baseVal.value, height = svg.height.baseVal.value;
  let scale = 1;
  const to = (wanted) => {
    const before = scale;
    scale = Math.min(3, Math.max(0.3, wanted));
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    room.scrollLeft = (room.scrollLeft + room.clientWidth / 2) * scale / before - room.clientWidth / 2;
    room.scrollTop = (room.scrollTop + room.clientHeight / 2) * scale / before - room.clientHeight / 2;
  };
  const tools = document.createElement("div");
  tools.className = "trace-tools";
  for (const [words, mark, by] of [[place.dataset.larger, "+", 1.25], [place.dataset.smaller, "−", 0.8]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = mark + " " + words;
    button.addEventListener("click", () => to(scale * by));
    tools.append(button);
  }
  place.prepend(tools);
  room.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") to(scale * 1.25);
    else if (event.key === "-") to(scale * 0.8);
    else return;
    event.preventDefault();
  });
  let from = null;
  room.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && !event.target.closest("a")) from = [event.clientX + room.scrollLeft, event.clientY + room.scrollTop];
  });
  room.addEventListener("pointermove", (event) => {
    if (!from) return;
    room.scrollLeft = from[0] - event.clientX;
    room.scrollTop = from[1] - event.clientY;
  });
  for (const end of ["pointerup", "pointerleave"]) room.addEventListener(end, () => { from = null; });
}
