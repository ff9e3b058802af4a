// The label while its layout is being changed; without a script the Preview button does the same.
"use strict";
for (const form of document.querySelectorAll("form[data-live]")) {
  const picture = document.getElementById("picture");
  const fault = document.getElementById("fault");
  let waiting = 0;
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || mine !== turn) return;
    if (answer.headers.get("content-type") === "image/png") {
      URL.revokeObjectURL(picture.src);
      picture.src = URL.createObjectURL(await answer.blob());
      fault.textContent = "";
    } else fault.textContent = await answer.text();
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 350);
  });
}
