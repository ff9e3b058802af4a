// The label while its layout is being changed; without a script the Preview button does the same.
"use strict";
for (const form of document.querySelectorAll("form[data-live]")) {
  const picture = document.getElementById("picture");
  const fault = document.getElementById("fault");
  const lacks = document.getElementById("lacks");
  let waiting = 0;
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || mine !== turn) return;
    const told = await answer.json().catch(() => null);
    if (!told || mine !== turn) return;
    fault.textContent = told.fault;
    if (told.fault) return;
    picture.src = "data:image/png;base64," + told.picture;
    lacks.replaceChildren(...told.lacks.map(([refuses, why]) => {
      const line = document.getElementById(refuses ? "lack-refuses" : "lack").content.cloneNode(true);
      line.querySelector("p").textContent = why;
      return line;
    }));
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 350);
  });
}
