// Forms that answer in place: the page a form leads to takes the place of one part of this one.
"use strict";
for (const first of document.querySelectorAll("form[data-stay]")) stay(first);

function stay(form) {
  const part = form.dataset.stay;
  let under_way = false;
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "next") return; // to another page: the browser's own way
    event.preventDefault();
    if (under_way) return; // a second press while the first is under way
    under_way = true;
    try {
      const sent = new FormData(form, event.submitter);
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent) });
      const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = shown.getElementById(part);
      if (!fresh) throw new Error(String(answer.status));
      put(document.getElementById(part), fresh);
    } catch (error) {
      if (error instanceof TypeError) return offline(); // no network: what was typed stays
      // Signed out, or not our page: the browser shows what came; the form's key acts once only.
      HTMLFormElement.prototype.submit.call(withChoice(form, event.submitter));
    } finally {
      under_way = false;
    }
  });
}

function put(old, fresh) {
  old.replaceWith(fresh);
  for (const form of fresh.querySelectorAll("form[data-stay]")) stay(form);
  document.dispatchEvent(new CustomEvent("put", { detail: fresh }));
  const wrong = fresh.querySelector("[aria-invalid=true]");
  const next = wrong || fresh.querySelector("[autofocus]");
  next?.focus();
  const told = document.getElementById("told");
  told.className = "skip";
  told.textContent = fresh.querySelector("[data-told], .why")?.textContent.trim() || "";
}

function offline() {
  const told = document.getElementById("told");
  told.textContent = told.dataset.offline;
  told.className = "notice warn";
}

function withChoice(form, button) {
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name: button.name, value: button.value });
  form.append(hidden);
  return form;
}
