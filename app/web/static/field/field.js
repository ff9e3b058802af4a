// The diary on a phone, with or without a network: choose a planting, repeat or choose the work, save.
// Everything is written to the phone first; sending is Sync's business.
"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const root = document.getElementById("field"), light = document.getElementById("light"), toast = document.getElementById("toast");
  const say = (key, values = {}) => (words[key] || key).replace(/\{(\w+)\}/g, (_, name) => (values[name] === undefined ? "" : values[name]));
  const EARLY = 7;
  let person = null, chosen = [], draft = null;

  // --- small pieces -------------------------------------------------------------------------
  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  };
  const fill = (...children) => root.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
  const button = (text, onclick, kind = "") => make("button", { type: "button", class: kind, onclick }, text);
  const icon = (work) => make("img", { src: words.icons[work], alt: "", width: 32, height: 32 });
  const today = () => { const now = new Date(); return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10); };
  const shown = (day) => (day ? day.split("-").reverse().join("/") : "");
  const tell = (text, kind = "good") => { toast.className = `notice ${kind}`; toast.textContent = text; toast.hidden = false; clearTimeout(tell.timer); tell.timer = setTimeout(() => { toast.hidden = true; }, 6000); };
  const go = (hash) => { if (location.hash === hash) route(); else location.hash = hash; };
  const planting = (uid) => (person.start.plantings || []).find((one) => one.uid === uid);
  const titled = (one) => [one.crop_name, one.area_name].filter(Boolean).join(" · ");
  const mine = async () => (await Store.all("queue", "person", person.uid)).sort((one, other) => (one.uid < other.uid ? 1 : -1));

  // --- the light: green only when everything that is needed lies on the phone -------------------
  const readiness = async () => {
    const missing = [];
    if (!("serviceWorker" in navigator)) missing.push(say("no_worker"));
    else if (!(await navigator.serviceWorker.getRegistration("/field"))?.active) missing.push(say("page_missing"));
    if (!person || !person.start) missing.push(say("lists_missing"));
    else if (Date.now() - person.seen > EARLY * 24 * 3600 * 1000) missing.push(say("lists_old", { day: new Date(person.seen).toLocaleDateString(document.documentElement.lang) }));
    return missing;
  };
  const showLight = async () => {
    const missing = await readiness();
    const waits = person ? (await mine()).filter((item) => item.state !== "sent").length : (await Store.all("queue")).filter((item) => item.state !== "sent").length;
    const photos = (await Store.all("photos")).length;
    const kept = navigator.storage && navigator.storage.persisted ? await navigator.storage.persisted() : true;
    light.replaceChildren(
      make("span", { class: `chip ${missing.length ? "warn" : "good"}`, id: "ready" }, missing.length ? say("not_ready") : say("ready")),
      make("a", { class: `chip ${waits || photos ? "warn" : "plain"}`, href: "#/queue", id: "waiting" }, photos ? say("waiting_photos", { count: waits, photos }) : say("waiting", { count: waits })),
      make("span", { class: "soft small" }, navigator.onLine ? "" : say("no_network")),
    );
    if (missing.length) light.append(make("p", { class: "small soft" }, missing.join(" ")));
    else if (!kept) light.append(make("p", { class: "small soft" }, say("may_be_cleared")));
  };

  // --- pages ------------------------------------------------------------------------------------
  const home = async () => {
    const list = person.start.plantings || [];
    fill(
      make("h1", {}, say("which_planting")),
      person.clockOff && Math.abs(person.clockOff) > 600000 ? make("div", { class: "notice warn", role: "alert" }, say("clock_wrong")) : null,
      list.length ? make("div", { class: "cards" }, ...list.map(card)) : make("p", { class: "empty" }, say("no_plantings")),
      make("div", { class: "row" }, button(say("send_now"), () => sync(true), "quiet"), list.length > 1 ? button(say("several"), () => go("#/several"), "quiet") : null),
      limits(),
    );
  };
  const card = (one) => make("a", { class: "card pick", href: `#/p/${one.uid}` },
    make("b", {}, one.crop_name), make("span", { class: "soft" }, [one.area_name, (one.plots || []).map((plot) => plot.name).join(", ")].filter(Boolean).join(" · ")),
    one.last ? make("span", { class: "small" }, `${say(`work_${one.last.work}`)} · ${shown(one.last.done_on)}`) : make("span", { class: "small soft" }, say("nothing_yet")));

  const several = async () => {
    const boxes = (person.start.plantings || []).map((one) => make("label", { class: "tick" }, make("input", { type: "checkbox", name: "planting", value: one.uid, checked: chosen.includes(one.uid) }), titled(one)));
    fill(make("h1", {}, say("several")), make("fieldset", { class: "field" }, make("legend", { class: "label" }, say("which_planting")), ...boxes), works((work) => {
      chosen = [...root.querySelectorAll("[name=planting]:checked")].map((box) => box.value);
      if (!chosen.length) return tell(say("choose_planting"), "warn");
      draft = null;
      return go(`#/w/${work}`);
    }));
  };

  const one = async (uid) => {
    const found = planting(uid);
    if (!found) return go("#/");
    chosen = [uid];
    const recent = (await mine()).filter((item) => item.operation.planting === uid).slice(0, 3);
    const last = recent.length ? recent[0].operation : found.last;
    fill(
      make("h1", {}, titled(found)), make("p", { class: "soft" }, say("sown", { day: shown(found.sown_on) })),
      last ? button(say("repeat", { work: say(`work_${last.work}`) }) + inputsOf(last), () => { draft = { ...last }; go(`#/w/${last.work}`); }, "block big") : null,
      make("h2", {}, say("which_work")), works((work) => { draft = null; go(`#/w/${work}`); }),
      recent.length ? make("h2", {}, say("lately")) : null, ...recent.map(line),
    );
  };
  const inputsOf = (entry) => { const names = (entry.inputs || []).map((input) => input.name || product(input.product)?.name).filter(Boolean); return names.length ? `: ${names.join(", ")}` : ""; };
  const works = (then) => make("div", { class: "works" }, ...words.works.map((work) => make("button", { type: "button", class: "quiet work", "data-work": work, onclick: () => then(work) }, icon(work), say(`work_${work}`))));
  const product = (uid) => (person.start.products || []).find((found) => found.uid === uid);

  // --- the form -----------------------------------------------------------------------------------
  const WITH_INPUTS = ["fertilising", "spraying", "sowing"], NAMED = ["pest_check", "spraying"];
  const entry = async (work) => {
    const found = chosen.map(planting).filter(Boolean);
    if (!found.length) return go("#/");
    const like = draft && draft.work === work ? draft : {};
    const form = make("form", { class: "entry", novalidate: true },
      make("h1", {}, icon(work), ` ${say(`work_${work}`)}`), make("p", { class: "soft" }, found.map(titled).join("; ")),
      field("done_on", say("day"), make("input", { id: "done_on", name: "done_on", type: "date", value: like.mends ? like.done_on : today(), max: today(), required: true })),
      found.length === 1 && (found[0].plots || []).length > 1 ? plotsField(found[0], like) : null,
      WITH_INPUTS.includes(work) ? inputFields(work, like) : null,
      NAMED.includes(work) ? field("pest", say("pest"), text("pest", like.pest, 160)) : null,
      work === "harvest" ? field("quantity", say("kilograms"), make("input", { id: "quantity", name: "quantity", type: "text", inputmode: "decimal", value: like.mends ? shownThousandths(like.quantity_g) : "", autocomplete: "off" })) : null,
      (person.start.growers || []).length > 1 ? growerField(like) : null,
      field("photos", say("photos"), make("input", { id: "photos", name: "photos", type: "file", accept: "image/*", multiple: true })),
      make("details", {}, make("summary", {}, say("more")), field("weather", say("weather"), text("weather", like.weather, 60)), field("reason", say("reason"), text("reason", like.reason, 300)), field("note", say("note"), make("textarea", { id: "note", name: "note", maxlength: 1000 }, like.mends ? like.note : ""))),
      make("p", { class: "why", id: "why", hidden: true, role: "alert" }), make("button", { class: "block big" }, say("save")), button(say("back"), () => history.back(), "link"),
    );
    form.addEventListener("submit", (event) => { event.preventDefault(); save(form, work, found); });
    fill(form);
  };
  const field = (name, label, input) => make("div", { class: "field" }, make("label", { for: name }, label), input);
  const text = (name, value, longest) => make("input", { id: name, name, type: "text", value: value || "", maxlength: longest, autocomplete: "off" });
  const plotsField = (found, like) => make("fieldset", { class: "field" }, make("legend", { class: "label" }, say("plots")), ...found.plots.map((plot) => make("label", { class: "tick" }, make("input", { type: "checkbox", name: "plot", value: plot.uid, checked: !(like.plots || []).length || like.plots.includes(plot.uid) }), plot.name)));
  const growerField = (like) => field("grower", say("who"), make("select", { id: "grower", name: "grower" }, make("option", { value: "" }, say("nobody_named")), ...person.start.growers.map((grower) => make("option", { value: grower.uid, selected: like.grower === grower.uid }, grower.name))));
  const inputFields = (work, like) => {
    const usual = (person.start.products || []).filter((found) => (work === "spraying") === (found.kind === "pesticide") || (work === "sowing" && found.kind === "seed"));
    const input = (like.inputs || [])[0] || {};
    const name = input.name || product(input.product)?.name || "";
    return make("div", {}, field("product", say("product"), make("input", { id: "product", name: "product", list: "products", value: name, autocomplete: "off", maxlength: 160 })),
      make("datalist", { id: "products" }, ...usual.map((found) => make("option", { value: found.name }))),
      make("div", { class: "pair" }, field("amount", say("amount"), make("input", { id: "amount", name: "amount", type: "text", inputmode: "decimal", value: shownThousandths(input.amount), autocomplete: "off" })), field("unit", say("unit"), make("select", { id: "unit", name: "unit" }, ...person.start.units.map((unit) => make("option", { value: unit, selected: (input.unit || usualUnit(work)) === unit }, unit))))),
      work === "spraying" ? field("water", say("water"), make("input", { id: "water", name: "water", type: "text", inputmode: "decimal", value: shownThousandths(input.water_ml), autocomplete: "off" })) : null);
  };
  const shownThousandths = (amount) => (amount ? String(amount / 1000).replace(".", ",") : "");
  const usualUnit = (work) => (work === "spraying" ? "ml" : "kg");
  // "1.250" is one thousand two hundred and fifty, "1,5" one and a half.
  const number = (typed) => {
    const tidy = (typed || "").trim();
    if (!tidy) return null;
    if (!/^(\d{1,3}([. ]\d{3})+|\d+)(,\d+)?$|^\d+\.\d{1,2}$/.test(tidy)) return NaN;
    const plain = /^\d+\.\d{1,2}$/.test(tidy) ? tidy : tidy.replace(/[. ]/g, "").replace(",", ".");
    return Number(plain);
  };

  const save = async (form, work, found) => {
    const typed = new FormData(form), why = form.querySelector("#why");
    const refuse = (sentence, name) => { why.textContent = sentence; why.hidden = false; const wrong = form.elements[name]; if (wrong && wrong.focus) wrong.focus(); };
    const day = typed.get("done_on");
    if (!day) return refuse(say("day_missing"), "done_on");
    if (day > today()) return refuse(say("day_future"), "done_on");
    const late = found.find((one) => day < one.sown_on);
    if (late && work !== "soil") return refuse(say("day_before_sowing", { day: shown(late.sown_on) }), "done_on");
    const numbers = { amount: number(typed.get("amount")), water: number(typed.get("water")), quantity: number(typed.get("quantity")) };
    for (const [name, value] of Object.entries(numbers)) if (Number.isNaN(value) || value === 0) return refuse(say("no_number"), name);
    if (work === "harvest" && numbers.quantity === null) return refuse(say("kilograms_missing"), "quantity");
    let photos;
    try { photos = await Promise.all(typed.getAll("photos").filter((file) => file.size).map(Photo.small)); } catch { return refuse(say("no_picture"), "photos"); }
    const mended = draft && draft.work === work ? draft.mends : null;
    for (const one of found) {
      const operation = operationOf(typed, numbers, work, one);
      await keep(operation, one, photos);
      if (mended) await movePhotos(mended, operation.uid);
    }
    if (mended) await Store.forget(mended);
    draft = null;
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    tell(navigator.onLine ? say("saved") : say("saved_offline"));
    go("#/");
    sync(false);
    return undefined;
  };
  const operationOf = (typed, numbers, work, one) => {
    const name = (typed.get("product") || "").trim();
    const known = name && (person.start.products || []).find((found) => found.name.toLowerCase() === name.toLowerCase());
    const thousandths = (value) => (value === null ? null : Math.round(value * 1000));
    const input = name ? { product: known ? known.uid : null, name, amount: thousandths(numbers.amount), unit: numbers.amount === null ? "" : typed.get("unit"), water_ml: thousandths(numbers.water) } : null;
    const plots = typed.getAll("plot");
    return { uid: Store.uuid7(), planting: one.uid, plots: plots.length === (one.plots || []).length ? [] : plots, work, done_on: typed.get("done_on"), written_at: new Date().toISOString(),
      quantity_g: thousandths(numbers.quantity), grower: typed.get("grower") || null, weather: (typed.get("weather") || "").trim(), pest: (typed.get("pest") || "").trim(), reason: (typed.get("reason") || "").trim(), note: (typed.get("note") || "").trim(), inputs: input ? [input] : [] };
  };
  const keep = (operation, one, photos) => Store.queue(
    { uid: operation.uid, person: person.uid, state: "waiting", title: titled(one), operation, photos: photos.length, made: Date.now() },
    photos.map((blob) => ({ uid: Store.uuid7(), entry: operation.uid, blob })));

  // --- what waits -----------------------------------------------------------------------------------
  const STATES = { waiting: "plain", sent: "good", conflict: "warn", refused: "bad" };
  const named = (item) => (item.operation.revision ? Visits.title(item) : `${say(`work_${item.operation.work}`)} · ${shown(item.operation.done_on)}`);
  const line = (item) => make("div", { class: "card slim", "data-state": item.state },
    make("b", {}, named(item)), make("span", { class: "soft" }, ` ${item.title}${inputsOf(item.operation)}`), make("span", { class: `chip ${STATES[item.state] || "plain"}` }, say(`state_${item.state}`)),
    item.why ? make("p", { class: "why" }, item.why) : null, ...(item.warnings || []).map((warning) => make("p", { class: "small soft" }, warning)),
    item.state === "conflict" ? make("p", {}, make("a", { href: "/work/diary/conflicts" }, say("see_both"))) : null,
    item.state === "refused" ? make("div", { class: "row" }, button(say("mend"), () => mend(item), "quiet"), button(say("throw_away"), () => throwAway(item), "danger")) : null);
  // What was refused was never kept by the server: once mended it goes under a new name, with its photographs.
  const mend = (item) => { if (item.operation.revision) return go(`#/v/${item.uid}`); chosen = [item.operation.planting]; draft = { ...item.operation, mends: item.uid }; return go(`#/w/${item.operation.work}`); };
  const movePhotos = async (from, to) => { for (const photo of await Store.all("photos", "entry", from)) await Store.put("photos", { ...photo, entry: to, refused: undefined }); };
  const throwAway = async (item) => { if (confirm(say("throw_away_sure"))) { await Store.forget(item.uid); route(); } };
  const queue = async () => {
    const items = await mine(), others = (await Store.all("queue")).filter((item) => item.person !== person.uid && item.state !== "sent").length;
    const open = items.filter((item) => item.state !== "sent"), sent = items.filter((item) => item.state === "sent").slice(0, 30);
    fill(make("h1", {}, say("waiting", { count: open.length })), others ? make("p", { class: "notice info" }, say("others_wait", { count: others })) : null, Visits.isFor(person) ? make("p", { class: "small soft" }, say("visit_carry")) : null,
      make("div", { class: "row" }, button(say("send_now"), () => sync(true)), open.length ? button(say("to_file"), () => toFile(open), "quiet") : null, make("label", { class: "button quiet" }, say("from_file"), make("input", { type: "file", accept: ".json", hidden: true, onchange: fromFile }))),
      ...open.map(line), sent.length ? make("h2", {}, say("sent_lately")) : null, ...sent.map(line), make("p", {}, make("a", { href: "#/" }, say("back"))));
  };
  const asText = (blob) => new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(blob); });
  const asBlob = (address) => new Blob([Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0))], { type: "image/jpeg" });
  const toFile = async (items) => {
    const photos = [];
    for (const item of items) for (const photo of await Store.all("photos", "entry", item.uid)) photos.push({ uid: photo.uid, entry: photo.entry, item: photo.item, picture: await asText(photo.blob) });
    const made = new Blob([JSON.stringify({ format: "nguon-goc-diary-1", items, photos })], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(made), download: `nhat-ky-${today()}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  // A visit that its writer cannot send any more is carried in by whoever reads the file, and stays the writer's.
  const carried = (item) => (!item.operation.revision || item.person === person.uid ? item : { ...item, person: person.uid, operation: { ...item.operation, written_for: item.operation.written_for || item.person } });
  const fromFile = async (event) => {
    try {
      const told = JSON.parse(await event.target.files[0].text());
      if (told.format !== "nguon-goc-diary-1") throw new Error("format");
      for (const item of told.items) {
        if (await Store.one("queue", item.uid)) continue;
        const pictures = await Promise.all(told.photos.filter((photo) => photo.entry === item.uid).map(async (photo) => ({ uid: photo.uid, entry: photo.entry, item: photo.item, blob: asBlob(photo.picture) })));
        await Store.queue({ ...carried(item), state: "waiting", why: "" }, pictures);
      }
      route();
    } catch { tell(say("no_file"), "bad"); }
  };

  // --- whose phone it is just now -------------------------------------------------------------------
  const digest = async (pin, salt) => {
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new TextEncoder().encode(salt), iterations: 200000 }, key, 256);
    return Array.from(new Uint8Array(bits), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const people = async () => {
    const known = await Store.all("people");
    fill(make("h1", {}, say("whose")), ...known.map((one) => button(`${one.name} · ${one.organisation}`, () => enter(one), "quiet block")),
      make("a", { class: "button block", href: "/sign-in?next=/field" }, say("sign_in")), person ? button(person.pin ? say("pin_change") : say("pin_set"), setPin, "link") : null);
  };
  const enter = async (one) => {
    if (one.pin) { const typed = prompt(say("pin_ask", { name: one.name })); if (!typed || (await digest(typed, one.uid)) !== one.pin) return tell(say("pin_wrong"), "bad"); }
    person = one;
    await Store.set("person", one.uid);
    header();
    return go("#/");
  };
  const setPin = async () => {
    const typed = prompt(say("pin_new"));
    if (typed === null) return;
    if (!/^\d{4,8}$/.test(typed)) { tell(say("pin_short"), "warn"); return; }
    person = { ...(await Store.one("people", person.uid)), pin: await digest(typed, person.uid) };
    await Store.put("people", person);
    tell(say("pin_kept"));
  };
  const header = () => { const who = document.getElementById("who"); who.replaceChildren(person ? make("a", { href: "#/people" }, `${person.name} · ${person.organisation}`) : ""); };
  const limits = () => make("details", {}, make("summary", {}, say("limits_title")), make("ul", {}, ...(person.start.unchecked || []).map((limit) => make("li", {}, limit))));

  // --- moving about and sending -----------------------------------------------------------------------
  const route = async () => {
    await showLight();
    const [, where, what] = location.hash.split("/");
    if (!person || where === "people") return people();
    if (!person.start) return fill(make("p", { class: "empty" }, say("lists_missing")), make("a", { class: "button", href: "/sign-in?next=/field" }, say("sign_in")));
    if (where === "p") return one(what);
    if (where === "w") return entry(what);
    if (where === "queue") return queue();
    if (Visits.isFor(person)) return Visits.route(where, what);
    return where === "several" ? several() : home();
  };
  // A line that fails now may hold in a moment: 3, 6, 12 and 24 seconds later, then with the minute.
  const again = (how) => {
    clearTimeout(again.timer);
    again.times = how === "offline" || how === "failed" ? (again.times || 0) + 1 : 0;
    if (again.times && again.times <= 4 && navigator.onLine) again.timer = setTimeout(() => { if (!document.hidden) sync(false); }, 1500 * 2 ** again.times);
  };
  const sync = async (asked) => {
    const how = await Sync.run();
    if (how !== "busy") again(how);
    if (how === "done") await meet(await Store.setting("signed"));
    if (how === "offline" || how === "failed") later();
    if (asked) tell(say(`sync_${how.replace("-", "_")}`), how === "done" ? "good" : "warn");
    // Nobody loses what they are typing or ticking because something was sent.
    if (["", "#/", "#/queue"].includes(location.hash)) await route(); else await showLight();
    return how;
  };
  // Who is signed in has the phone, unless somebody else is at it or a PIN has to be said first.
  const meet = async (signed) => {
    const known = await Store.one("people", signed);
    if (!known || (person ? person.uid !== signed : known.pin)) return;
    person = known;
    await Store.set("person", known.uid);
    header();
  };
  const later = async () => { const worker = await navigator.serviceWorker?.getRegistration("/field"); if (worker && worker.sync) worker.sync.register("diary").catch(() => {}); };

  const start = async () => {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register("/field/worker.js", { scope: "/field" }).then(() => navigator.serviceWorker.ready).then(showLight).catch(() => {});
    const last = await Store.setting("person");
    const known = last && (await Store.one("people", last));
    if (known && !known.pin) person = known;
    header();
    await route();
    await sync(false);
  };
  addEventListener("hashchange", route);
  addEventListener("online", () => sync(false));
  addEventListener("offline", showLight);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(false); });
  setInterval(() => { if (!document.hidden && navigator.onLine) sync(false); }, 60000);
  window.Field = { say, make, fill, button, labelled: field, tell, go, today, shown, line, limits, sync, showLight, person: () => person };
  window.fieldReady = start();
})();
