// Sends what waits: entries in the order they were made, then their photographs. Each arrives once, however
// often it is sent; what the server does not accept stays here with its reason. Used by page and worker.
"use strict";
const Sync = (() => {
  const BATCH = 50, SHEETS = 20, KEEP_MS = 30 * 24 * 3600 * 1000;
  // Growers and clerks keep a diary, inspectors make visits: both are sent alike, each to its own address.
  const VISITING = ["inspector", "province_admin"];
  const apiOf = (role) => (VISITING.includes(role) ? "/api/v1/inspection" : "/api/v1/diary");
  const ACCEPTED = ["created", "known"];

  // Lists and refusals in the language of the page, which need not be the browser's.
  const spoken = () => (typeof document === "undefined" ? {} : { "Accept-Language": document.documentElement.lang });

  const ask = (path, options = {}) =>
    fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options, headers: { ...spoken(), ...options.headers } });

  // One sender at a time, over all tabs and the worker, where the browser can say so.
  const alone = (work) =>
    typeof navigator !== "undefined" && navigator.locks
      ? navigator.locks.request("nguon-goc-sync", { ifAvailable: true }, (lock) => (lock ? work() : "busy"))
      : work();

  const waiting = async (person) =>
    (await Store.all("queue", "person", person))
      .filter((item) => item.state === "waiting")
      .sort((one, other) => (one.uid < other.uid ? -1 : 1));

  const whoSigned = async () => {
    const answer = await ask("/api/v1/me");
    if (answer.status === 401) return null;
    if (!answer.ok) throw new Error(`me ${answer.status}`);
    return answer.json();
  };

  const sendEntries = async (api, person) => {
    for (;;) {
      const items = (await waiting(person)).slice(0, api.endsWith("inspection") ? SHEETS : BATCH);
      if (!items.length) return;
      const answer = await ask(`${api}/sync`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ person, sent_at: new Date().toISOString(), items: items.map((item) => item.operation) }),
      });
      if (!answer.ok) throw Object.assign(new Error(`sync ${answer.status}`), { status: answer.status });
      const told = new Map((await answer.json()).items.map((result) => [result.uid, result]));
      if (!(await settle(items, told))) return;
    }
  };

  // Whether anything moved: an answer that says nothing of any item must not be asked for ever.
  const settle = async (items, told) => {
    let moved = false;
    for (const item of items) {
      const result = told.get(item.uid);
      if (!result || result.outcome === "waiting") continue;
      moved = true;
      const state = ACCEPTED.includes(result.outcome) ? "sent" : result.outcome;
      await Store.change(item.uid, { state, why: [result.why, ...result.errors.map((error) => error.why)].filter((why, at, all) => why && all.indexOf(why) === at).join(" "), warnings: result.warnings.map((warning) => warning.why), answered: Date.now() }, (now) => now.operation.revision === item.operation.revision);
    }
    return moved;
  };

  const sendPhotos = async (api, person) => {
    const sent = new Set((await Store.all("queue", "person", person)).filter((item) => item.state === "sent" || item.state === "conflict").map((item) => item.uid));
    for (const photo of await Store.all("photos")) {
      if (!sent.has(photo.entry) || photo.refused) continue;
      const form = new FormData();
      form.append("entry", photo.entry);
      if (photo.item) form.append("item", photo.item);
      form.append("file", photo.blob, "photo.jpg");
      const answer = await ask(`${api}/photos`, { method: "POST", headers: { "Idempotency-Key": photo.uid }, body: form });
      if (answer.ok) await Store.drop("photos", photo.uid);
      else if (answer.status === 409) continue;
      else if ([400, 404, 413, 415, 422].includes(answer.status)) await Store.put("photos", { ...photo, refused: await reason(answer) });
      else throw Object.assign(new Error(`photo ${answer.status}`), { status: answer.status });
    }
  };

  const reason = async (answer) => { try { return (await answer.json()).detail || String(answer.status); } catch { return String(answer.status); } };

  // What was received is kept for a month, so that a person can see that it was; then it leaves the phone.
  const tidy = async () => {
    const photos = new Set((await Store.all("photos")).map((photo) => photo.entry));
    for (const item of await Store.all("queue")) {
      const goesOn = item.operation.revision && !item.operation.finished_at;
      if (item.state === "sent" && !goesOn && Date.now() - item.answered > KEEP_MS && !photos.has(item.uid)) await Store.forget(item.uid);
    }
  };

  // What the signed-in person needs to work without a network; unchanged lists are not sent again.
  const refresh = async (me) => {
    const known = (await Store.one("people", me.account)) || {};
    const headers = known.etag ? { "If-None-Match": known.etag } : {};
    const answer = await ask(`${apiOf(me.role)}/start`, { headers });
    const clock = Date.parse(answer.headers.get("date") || "") || Date.now();
    const common = { ...known, uid: me.account, name: me.name, organisation: me.organisation_name, role: me.role, clockOff: Date.now() - clock, seen: Date.now() };
    if (answer.status === 304) return Store.put("people", common);
    if (!answer.ok) throw Object.assign(new Error(`start ${answer.status}`), { status: answer.status });
    const told = await answer.json();
    if (VISITING.includes(me.role)) await takeUp(me, told);
    return Store.put("people", { ...common, etag: answer.headers.get("etag"), start: VISITING.includes(me.role) ? told : arranged(told) });
  };

  // A visit that goes on and was begun elsewhere, or went on there: nothing that waits here is written over.
  const takeUp = async (me, told) => {
    for (const sheet of told.visits) {
      const known = await Store.one("queue", sheet.uid);
      if (known && (known.state !== "sent" || known.operation.revision >= sheet.revision)) continue;
      const home = told.organisations.find((one) => one.organisation === sheet.organisation);
      await Store.queue({ uid: sheet.uid, person: me.account, state: "sent", title: home ? home.name : "", operation: sheet, photos: 0, made: Date.now(), answered: Date.now() }, []);
    }
  };

  // The lists as the page wants them: with each planting its last entry, and everybody who grows.
  const arranged = (told) => {
    const growers = new Map();
    const plantings = told.plantings.map((one) => {
      for (const plot of one.plots) growers.set(plot.grower, plot.grower_name);
      return { ...one, uid: one.planting, plots: one.plots.map((plot) => ({ ...plot, uid: plot.plot })), last: told.recent.find((entry) => entry.planting === one.planting) };
    });
    const products = told.products.map((one) => ({ ...one, uid: one.product }));
    return { plantings, products, units: told.units, unchecked: told.unchecked, growers: [...growers].map(([uid, name]) => ({ uid, name })) };
  };

  // "done", "offline", "signed-out" (the queue waits), "busy", "forbidden" (this account may not send any more: the
  // queue waits, and can be carried in a file), or "failed" (the server's trouble: try again later).
  const run = () => alone(async () => {
    try {
      const me = await whoSigned();
      if (!me) return "signed-out";
      await Store.set("signed", me.account);
      await sendEntries(apiOf(me.role), me.account);
      await sendPhotos(apiOf(me.role), me.account);
      await refresh(me);
      await tidy();
      return "done";
    } catch (error) {
      if (error.status === 401) return "signed-out";
      if (error.status === 403) return "forbidden";
      return error.status ? "failed" : "offline";
    }
  });

  return { run, waiting };
})();
