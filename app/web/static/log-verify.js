// Checks the proof of a lot in the browser: fetches the records and the checkpoint, and computes the rest itself.
"use strict";
(() => {
  const card = document.querySelector("[data-verify]");
  if (!card) return;
  const words = card.dataset;
  const lot = words.verify;
  const steps = card.querySelector("[data-steps]");
  const verdict = card.querySelector("[data-verdict]");
  const MARKS = { good: "M7.5 12.5l3 3 6-7", bad: "M8 8l8 8M16 8l-8 8", part: "M12 7v6M12 16.6v.2" };

  const bytes = (text) => new TextEncoder().encode(text);
  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    parts.reduce((at, part) => { all.set(part, at); return at + part.length; }, 0);
    return all;
  };
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
  const hex = (digest) => Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const same = (one, other) => one.length === other.length && one.every((value, at) => value === other[at]);
  const node = (left, right) => sha256(Uint8Array.of(1), left, right);
  const bitLength = (number) => { let length = 0; for (; number > 0; number = Math.floor(number / 2)) length += 1; return length; };

  // RFC 9162 2.1.3.2, with a division where a shift would lose the higher bits.
  const rootOf = async (leaf, index, size, path) => {
    let at = index, last = size - 1, found = leaf;
    for (const sibling of path) {
      if (last === 0) return null;
      if (at % 2 === 1 || at === last) {
        found = await node(sibling, found);
        while (at % 2 === 0 && at !== 0) { at /= 2; last = Math.floor(last / 2); }
      } else {
        found = await node(found, sibling);
      }
      at = Math.floor(at / 2); last = Math.floor(last / 2);
    }
    return last === 0 ? found : null;
  };

  // RFC 9162 2.1.4.2.
  const grew = async (first, second, proof, firstRoot, secondRoot) => {
    if (first > second) return false;
    if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
    const power = 2 ** (bitLength(first) - 1) === first;
    const path = power ? [firstRoot, ...proof] : proof;
    if (path.length === 0) return false;
    let old = first - 1, now = second - 1;
    while (old % 2 === 1) { old = Math.floor(old / 2); now = Math.floor(now / 2); }
    let before = path[0], after = path[0];
    for (const sibling of path.slice(1)) {
      if (now === 0) return false;
      if (old % 2 === 1 || old === now) {
        before = await node(sibling, before);
        after = await node(sibling, after);
        while (old % 2 === 0 && old !== 0) { old /= 2; now = Math.floor(now / 2); }
      } else {
        after = await node(after, sibling);
      }
      old = Math.floor(old / 2); now = Math.floor(now / 2);
    }
    return now === 0 && same(before, firstRoot) && same(after, secondRoot);
  };

  const readNote = (note) => {
    const gap = note.lastIndexOf("\n\n");
    const text = note.slice(0, gap + 1);
    const [origin, size, root] = text.split("\n");
    const signatures = note.slice(gap + 2).split("\n").filter(Boolean).map((line) => {
      const [, name, packed] = line.split(" ");
      const all = fromBase64(packed);
      return { name, id: hex(all.slice(0, 4)), value: all.slice(4) };
    });
    return { text, origin, size: Number(size), root: fromBase64(root), signatures };
  };

  // undefined: the line is no key; null: this browser knows no Ed25519.
  const isSigned = async (note, key) => {
    const [name, id, ...packed] = key.trim().split("+");
    let all;
    try { all = fromBase64(packed.join("+")); } catch { return undefined; }
    if (all[0] !== 1 || all.length !== 33) return undefined;
    if (hex((await sha256(bytes(`${name}\n`), all)).slice(0, 4)) !== id) return undefined;
    // After a declared break the log signs as name/2, name/3 and so on, with the same keys.
    if (!note.origin.startsWith(name) || !/^(\/[0-9]+)?$/.test(note.origin.slice(name.length))) return false;
    const wanted = hex((await sha256(bytes(`${note.origin}\n`), all)).slice(0, 4));
    let imported;
    try {
      imported = await crypto.subtle.importKey("raw", all.slice(1), { name: "Ed25519" }, false, ["verify"]);
    } catch {
      return null;
    }
    for (const one of note.signatures) {
      if (one.name !== note.origin || one.id !== wanted) continue;
      if (await crypto.subtle.verify({ name: "Ed25519" }, imported, one.value, bytes(note.text))) return true;
    }
    return false;
  };

  const isShown = async (fact) => {
    const entry = JSON.parse(fact.entry);
    if (!fact.shown || JSON.parse(fact.shown.text).subject !== lot) return false;
    return hex(await sha256(fromHex(fact.shown.salt), bytes(fact.shown.text))) === entry.shown;
  };

  const isInTree = async (fact, note) => {
    const leaf = await sha256(Uint8Array.of(0), bytes(fact.entry));
    const root = await rootOf(leaf, fact.position, note.size, fact.proof.map(fromBase64));
    return root !== null && same(root, note.root);
  };

  const firstBad = async (facts, check) => {
    for (const fact of facts) if (!(await check(fact))) return fact.position;
    return null;
  };

  const chainBroken = (facts) => {
    let newest = null;
    for (const fact of facts) {
      if (JSON.parse(fact.shown.text).previous !== newest) return fact.position;
      newest = fact.position;
    }
    return null;
  };

  // Every record on the page must be one of those that were checked.
  const notOnPage = (facts) => facts.find((fact) => !document.getElementById(`record-${fact.position}`))?.position ?? null;

  const hasGrown = async (note) => {
    const place = `log ${note.origin}`;
    const kept = localStorage.getItem(place);
    if (!kept) return { first: true, good: true, keep: () => localStorage.setItem(place, note.text) };
    const former = readNote(`${kept}\n`);
    const [low, high] = former.size <= note.size ? [former, note] : [note, former];
    let proof = [];
    if (low.size < high.size) {
      const told = await json(`/api/v1/log/consistency?first=${low.size}&second=${high.size}`);
      proof = told.proof.map(fromBase64);
    }
    const good = await grew(low.size, high.size, proof, low.root, high.root);
    return { first: false, good, keep: () => { if (good && note.size > former.size) localStorage.setItem(place, note.text); } };
  };

  class Unreachable extends Error {}
  const json = async (address) => {
    const asked = { headers: { Accept: "application/json" }, cache: "no-store" };
    const answer = await fetch(address, asked).catch(() => { throw new Unreachable(); });
    if (!answer.ok) throw new Unreachable();
    return answer.json();
  };

  const icon = (kind) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [name, value] of Object.entries({ "viewBox": "0 0 24 24", "fill": "none", "stroke": "currentColor", "stroke-width": "2", "aria-hidden": "true" })) drawn.setAttribute(name, value);
    path.setAttribute("d", `M21.5 12a9.5 9.5 0 1 1-19 0 9.5 9.5 0 0 1 19 0z${MARKS[kind]}`);
    drawn.append(path);
    return drawn;
  };
  const step = (kind, text) => {
    const line = document.createElement("li");
    const told = document.createElement("span");
    line.className = { good: "there", bad: "urgent", part: "" }[kind];
    told.textContent = text;
    line.append(icon(kind), told);
    steps.append(line);
  };
  const say = (kind, text) => {
    const told = document.createElement("p");
    const bold = document.createElement("b");
    const notice = document.createElement("div");
    bold.textContent = text;
    told.append(bold);
    notice.className = `notice ${{ good: "good", bad: "bad", part: "info" }[kind]}`;
    notice.append(icon(kind), told);
    verdict.replaceChildren(notice);
  };
  const judged = (bad, text) => {
    step(bad === null ? "good" : "bad", bad === null ? text : `${text}: ${words.record} ${bad} ✗`);
    return bad === null;
  };

  const check = async () => {
    const told = await json(`/api/v1/log/lots/${lot}`);
    const note = readNote(told.checkpoint.note);
    const facts = told.facts.filter((fact) => fact.proof !== null);
    let good = judged(notOnPage(facts) ?? await firstBad(facts, isShown), words.shown);
    good = judged(await firstBad(facts, (fact) => isInTree(fact, note)) ?? chainBroken(facts), words.tree) && good;
    const signed = await isSigned(note, card.querySelector("#key").value);
    if (signed === undefined) step("part", words.nokey);
    else if (signed === null) step("part", words.unsigned);
    else step(signed ? "good" : "bad", words.signed);
    const grown = await hasGrown(note);
    step(grown.good ? "good" : "bad", grown.first ? words.first : words.grew);
    if (good && signed !== false && grown.good) {
      grown.keep();
      say(signed ? "good" : "part", signed ? words.good : words.part);
    } else {
      say("bad", words.bad);
    }
  };

  const run = async () => {
    steps.replaceChildren();
    verdict.textContent = words.working;
    if (!window.crypto?.subtle) { say("part", words.insecure); return; }
    try {
      await check();
    } catch (fault) {
      if (fault instanceof Unreachable) say("part", words.offline);
      else say("bad", words.bad);  // what cannot be read is not proven
    }
  };

  card.querySelector("[data-form]").hidden = false;
  card.querySelector("[data-run]").addEventListener("click", run);
})();
