// Visits of inspectors on the phone, with or without a network: what the page of the diary is for growers.
// A visit is one sheet; every change is kept at once under a larger revision, sending is Sync's business.
"use strict";
const Visits = (() => {
  const OUTCOMES = ["conforms", "fails", "not_applicable", "not_seen"], SEVERITIES = ["critical", "major", "minor"], SIGNERS = ["inspector", "host", "witness"];
  const WIDE = 1000, HIGH = 400, MOST_STROKES = 24000;
  const field = () => window.Field;
  const say = (key, values) => field().say(key, values);
  const make = (...parts) => field().make(...parts);
  const start = () => field().person().start;
  let saving = Promise.resolve();

  const isFor = (person) => Boolean(person && person.start && person.start.checklists);
  const mine = async () => (await Store.all("queue", "person", field().person().uid)).filter((item) => item.operation.revision);
  const checklist = (sheet) => start().checklists.find((one) => one.slug === sheet.checklist && one.edition === sheet.edition);
  const organisation = (uid) => start().organisations.find((one) => one.organisation === uid);

  // --- the sheet ------------------------------------------------------------------------------------
  const begin = async (home, slug, plan) => {
    const person = field().person(), list = start().checklists.find((one) => one.slug === slug);
    const sheet = { uid: Store.uuid7(), revision: 1, plan: plan ? plan.uid : null, organisation: home, area: plan ? plan.area : null, checklist: list.slug, edition: list.edition,
      started_at: new Date().toISOString(), finished_at: null, answers: [], findings: [], samples: [], signatures: [], note: "" };
    await Store.queue({ uid: sheet.uid, person: person.uid, state: "waiting", title: organisation(home).name, operation: sheet, photos: 0, made: Date.now() }, []);
    field().go(`#/v/${sheet.uid}`);
    field().sync(false);
  };
  // One change after the other, each upon the sheet as it stands: two tabs, or a finger that is quick, lose nothing.
  const change = (uid, act) => {
    saving = saving.then(() => Store.within(["queue"], "readwrite", (stores) => {
      const asked = stores.queue.get(uid);
      asked.onsuccess = () => {
        const item = asked.result;
        if (!item) return;
        const sheet = JSON.parse(JSON.stringify(item.operation));
        act(sheet);
        stores.queue.put({ ...item, state: "waiting", why: "", faults: [], operation: { ...sheet, revision: sheet.revision + 1 } });
      };
    })).then(() => field().showLight());
    return saving;
  };
  const put = (list, key, value, changes) => {
    const known = list.find((one) => one[key] === value);
    if (known) Object.assign(known, changes);
    else list.push({ [key]: value, ...changes });
  };

  // --- pages ----------------------------------------------------------------------------------------
  const home = async () => {
    const items = await mine(), open = items.filter((item) => !item.operation.finished_at);
    const begun = new Set(items.map((item) => item.operation.plan));
    const plans = start().plans.filter((plan) => !begun.has(plan.uid));
    field().fill(
      make("h1", {}, say("visits")),
      open.length ? make("h2", {}, say("visits_open")) : null, ...open.map((item) => make("a", { class: "card pick", href: `#/v/${item.uid}` }, make("b", {}, item.title), make("span", { class: "small soft" }, answered(item.operation)))),
      make("h2", {}, say("visits_planned")),
      plans.length ? make("div", { class: "cards" }, ...plans.map(planned)) : make("p", { class: "empty" }, say("visits_none")),
      make("div", { class: "row" }, field().button(say("visit_other"), () => field().go("#/v/new"), ""), field().button(say("send_now"), () => field().sync(true), "quiet")),
      field().limits(),
    );
  };
  const answered = (sheet) => say("visit_answered", { count: sheet.answers.length, all: (checklist(sheet) || { items: [] }).items.length });
  const planned = (plan) => make("div", { class: "card slim" }, make("b", {}, plan.organisation_name), make("span", { class: "soft" }, ` ${[plan.area_name, field().shown(plan.due_on)].filter(Boolean).join(" · ")}`),
    make("ul", { class: "plain small" }, ...plan.reasons.map((reason) => make("li", {}, `${reason.points} · ${reason.words}${reason.count > 1 ? ` (${reason.count})` : ""}`))),
    field().button(say("visit_begin"), () => begin(plan.organisation, plan.checklist, plan), "block"));

  const fresh = () => {
    const homes = make("select", { id: "organisation" }, ...start().organisations.map((one) => make("option", { value: one.organisation }, one.name)));
    const lists = make("select", { id: "checklist" }, ...start().checklists.map((one) => make("option", { value: one.slug }, one.name)));
    field().fill(make("h1", {}, say("visit_other")), field().labelled("organisation", say("visit_whom"), homes), field().labelled("checklist", say("visit_checklist"), lists),
      field().button(say("visit_begin"), () => begin(homes.value, lists.value, null), "block big"), make("p", {}, make("a", { href: "#/" }, say("back"))));
  };

  const visit = async (uid) => {
    const item = await Store.one("queue", uid);
    if (!item) return field().go("#/");
    const sheet = item.operation, list = checklist(sheet), homeOf = organisation(sheet.organisation);
    if (!list) return field().fill(make("p", { class: "empty" }, say("lists_missing")));
    if (sheet.finished_at && item.state !== "refused") return field().fill(make("h1", {}, item.title), make("p", { class: "notice good" }, say("visit_done")), field().line(item), make("p", {}, make("a", { href: "#/" }, say("back"))));
    const photos = await Store.all("photos", "entry", uid);
    return field().fill(
      make("h1", {}, item.title), make("p", { class: "soft" }, list.name),
      item.why ? make("div", { class: "notice bad", role: "alert" }, make("p", {}, item.why)) : null,
      homeOf && homeOf.areas.length ? areas(uid, sheet, homeOf) : null,
      ...list.items.map((one) => question(uid, sheet, one, photos.filter((photo) => photo.item === one.key).length)),
      make("h2", {}, say("visit_findings")), make("div", { id: "findings" }, ...sheet.findings.map((one) => finding(uid, one, list))), field().button(say("visit_add_finding"), () => add(uid, "findings", { uid: Store.uuid7(), item: null, severity: "major", words: "", due_on: null }), "quiet"),
      make("h2", {}, say("visit_samples")), make("div", { id: "samples" }, ...sheet.samples.map((one) => sample(uid, one))), field().button(say("visit_add_sample"), () => add(uid, "samples", { uid: Store.uuid7(), lot: null, what: "", mass_g: null, seal: "", place: "" }), "quiet"),
      make("h2", {}, say("visit_signatures")), ...SIGNERS.map((signer) => signature(uid, sheet, signer)),
      field().labelled("note", say("note"), make("textarea", { id: "note", maxlength: 2000, onchange: (event) => change(uid, (now) => { now.note = event.target.value; }) }, sheet.note)),
      make("p", { class: "why", id: "why", hidden: true, role: "alert" }),
      field().button(say("visit_finish"), () => finish(uid, list), "block big"), make("p", {}, make("a", { href: "#/" }, say("visit_later"))),
    );
  };
  const areas = (uid, sheet, homeOf) => field().labelled("area", say("visit_area"), make("select", { id: "area", onchange: (event) => change(uid, (now) => { now.area = event.target.value || null; }) },
    make("option", { value: "" }, say("visit_whole")), ...homeOf.areas.map((area) => make("option", { value: area.area, selected: sheet.area === area.area }, area.name))));

  const question = (uid, sheet, one, photos) => {
    const answer = sheet.answers.find((given) => given.item === one.key) || {};
    const note = make("input", { id: `note-${one.key}`, type: "text", maxlength: 500, value: answer.note || "", placeholder: say("note"), "aria-label": `${say("note")}: ${one.text}`, onchange: (event) => change(uid, (now) => put(now.answers, "item", one.key, { outcome: (now.answers.find((given) => given.item === one.key) || { outcome: "not_seen" }).outcome, note: event.target.value })) });
    const count = make("span", { class: "small soft" }, photos ? `${say("photos")}: ${photos}` : "");
    return make("fieldset", { class: "card ask", id: `ask-${one.key}` }, make("legend", {}, one.text), make("p", { class: "small soft" }, [one.clause, say(`severity_${one.severity}`)].filter(Boolean).join(" · ")),
      make("div", { class: "outcomes" }, ...OUTCOMES.map((outcome) => make("label", { class: `pick-one ${outcome}` }, make("input", { type: "radio", name: `o-${one.key}`, value: outcome, checked: answer.outcome === outcome, onchange: () => change(uid, (now) => put(now.answers, "item", one.key, { outcome, note: note.value })) }), say(`outcome_${outcome}`)))),
      note, make("label", { class: "button quiet" }, say("photos"), make("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, hidden: true, onchange: (event) => picture(uid, one.key, event.target, count) })), count);
  };
  const picture = async (uid, key, input, count) => {
    try {
      for (const file of [...input.files]) await Store.put("photos", { uid: Store.uuid7(), entry: uid, item: key, blob: await Photo.small(file) });
    } catch { return field().tell(say("no_picture"), "warn"); }
    input.value = "";
    const kept = (await Store.all("photos", "entry", uid)).filter((photo) => photo.item === key).length;
    count.textContent = `${say("photos")}: ${kept}`;
    return field().showLight();
  };

  const add = async (uid, what, one) => { await change(uid, (now) => now[what].push(one)); await visit(uid); };
  const drop = async (uid, what, one) => { await change(uid, (now) => { now[what] = now[what].filter((other) => other.uid !== one.uid); }); await visit(uid); };
  const set = (uid, what, one, name) => (event) => change(uid, (now) => { const found = now[what].find((other) => other.uid === one.uid); if (found) found[name] = event.target.value || (name === "words" || name === "what" || name === "seal" ? "" : null); });
  const finding = (uid, one, list) => make("fieldset", { class: "card" }, make("legend", {}, say("visit_finding")),
    field().labelled(`w-${one.uid}`, say("visit_wrong"), make("textarea", { id: `w-${one.uid}`, maxlength: 1000, onchange: set(uid, "findings", one, "words") }, one.words)),
    field().labelled(`i-${one.uid}`, say("visit_item"), make("select", { id: `i-${one.uid}`, onchange: set(uid, "findings", one, "item") }, make("option", { value: "" }, "–"), ...list.items.map((item) => make("option", { value: item.key, selected: one.item === item.key }, item.text)))),
    make("div", { class: "pair" }, field().labelled(`d-${one.uid}`, say("visit_due"), make("input", { id: `d-${one.uid}`, type: "date", min: field().today(), value: one.due_on || "", onchange: set(uid, "findings", one, "due_on") })), field().labelled(`s-${one.uid}`, say("visit_grave"), make("select", { id: `s-${one.uid}`, onchange: set(uid, "findings", one, "severity") }, ...SEVERITIES.map((kind) => make("option", { value: kind, selected: one.severity === kind }, say(`severity_${kind}`)))))),
    field().button(say("throw_away"), () => drop(uid, "findings", one), "danger"));
  const sample = (uid, one) => make("fieldset", { class: "card" }, make("legend", {}, say("visit_sample")),
    ...[["what", say("visit_what")], ["seal", say("visit_seal")], ["lot", say("visit_lot")]].map(([name, label]) => field().labelled(`${name}-${one.uid}`, label, make("input", { id: `${name}-${one.uid}`, type: "text", maxlength: 160, autocomplete: "off", value: one[name] || "", onchange: set(uid, "samples", one, name) }))),
    field().button(say("throw_away"), () => drop(uid, "samples", one), "danger"));

  // --- signatures: lines in a field of 1,000 by 400, kept as an SVG path -----------------------------
  const signature = (uid, sheet, signer) => {
    const signed = sheet.signatures.find((one) => one.signer === signer) || { name: signer === "inspector" ? field().person().name : "", strokes: "", affirmed: false };
    const name = make("input", { id: `name-${signer}`, type: "text", maxlength: 120, autocomplete: "off", value: signed.name });
    const tick = make("input", { type: "checkbox", id: `affirmed-${signer}`, checked: signed.affirmed });
    const canvas = make("canvas", { width: WIDE, height: HIGH, class: "sign", role: "img", "aria-label": `${say("visit_draw")}: ${say(`signer_${signer}`)}` });
    let path = signed.strokes;
    const keep = () => change(uid, (now) => {
      now.signatures = now.signatures.filter((one) => one.signer !== signer);
      if (name.value.trim()) now.signatures.push({ signer, name: name.value.trim(), strokes: path, affirmed: tick.checked, signed_at: new Date().toISOString() });
    });
    name.addEventListener("change", keep);
    tick.addEventListener("change", keep);
    drawing(canvas, () => path, (drawn) => { path = drawn; keep(); });
    return make("fieldset", { class: "card" }, make("legend", {}, say(`signer_${signer}`)), field().labelled(`name-${signer}`, say("visit_name"), name), canvas,
      make("div", { class: "row" }, field().button(say("visit_clear"), () => { path = ""; redraw(canvas, ""); keep(); }, "link")), make("label", { class: "tick" }, tick, say("visit_affirm")));
  };
  const redraw = (canvas, path) => {
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, WIDE, HIGH);
    Object.assign(pen, { lineWidth: 8, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    if (path) pen.stroke(new Path2D(path));
  };
  const drawing = (canvas, before, done) => {
    let path = "", down = false;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
      return `${within(((event.clientX - box.left) / box.width) * WIDE, WIDE)} ${within(((event.clientY - box.top) / box.height) * HIGH, HIGH)}`;
    };
    redraw(canvas, before());
    canvas.addEventListener("pointerdown", (event) => { down = true; path = `${before()}M${at(event)}`; canvas.setPointerCapture(event.pointerId); event.preventDefault(); });
    canvas.addEventListener("pointermove", (event) => { if (!down || path.length > MOST_STROKES - 20) return; path += `L${at(event)}`; redraw(canvas, path); });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { if (down) { down = false; done(path.length <= MOST_STROKES ? path : before()); } });
  };

  // What the server would refuse is said here, before anything is sent; it has the last word.
  const missing = (sheet, list) => {
    const answers = new Map(sheet.answers.map((one) => [one.item, one.outcome])), found = new Set(sheet.findings.map((one) => one.item));
    const unanswered = list.items.find((one) => !answers.has(one.key));
    if (unanswered) return [say("visit_unanswered"), `ask-${unanswered.key}`];
    const fault = list.items.find((one) => one.demands && answers.get(one.key) === "fails" && !found.has(one.key));
    if (fault) return [say("visit_unfound"), `ask-${fault.key}`];
    if (sheet.findings.some((one) => one.words.trim().length < 5)) return [say("visit_wordless"), "findings"];
    if (sheet.samples.some((one) => !one.seal.trim() || !one.what.trim())) return [say("visit_unsealed"), "samples"];
    const signed = sheet.signatures.filter((one) => one.strokes || one.affirmed).map((one) => one.signer);
    if (!signed.includes("inspector")) return [say("visit_unsigned"), "name-inspector"];
    if (!signed.includes("host") && !signed.includes("witness")) return [say("visit_unsigned_host"), "name-host"];
    return null;
  };
  const finish = async (uid, list) => {
    await saving;
    const item = await Store.one("queue", uid), fault = missing(item.operation, list), why = document.getElementById("why");
    if (fault) {
      why.textContent = fault[0];
      why.hidden = false;
      const where = document.getElementById(fault[1]);
      if (where) where.scrollIntoView({ block: "center" });
      return field().tell(fault[0], "warn");
    }
    await change(uid, (now) => { now.finished_at = new Date().toISOString(); });
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    field().tell(navigator.onLine ? say("saved") : say("saved_offline"));
    field().go("#/");
    return field().sync(false);
  };

  const title = (item) => `${item.operation.finished_at ? say("visit_ended") : say("visit_going")} · ${new Date(item.operation.started_at).toLocaleDateString(document.documentElement.lang)}`;
  const route = (where, what) => { if (where === "v") return what === "new" ? fresh() : visit(what); return home(); };
  return { isFor, route, title };
})();
