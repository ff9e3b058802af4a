// A map where a page has one (docs: templates/_map.html). Without it the page keeps its text and outline.
"use strict";
(() => {
  const { addCommunes, addGrid, addOthers, Drawing, geometry, legend, text, Walk } = window.fieldMap;
  const PANES = { communes: 150, names: 160, grid: 170, others: 390, walk: 450 }; // tiles lie at 200
  const WHOLE = L.latLngBounds([21.34, 103.53], [22.85, 105.11]); // the province, until its communes are there
  const CLOSEST = 20;
  const FIELD = 19; // a boundary is not shown closer than this by itself
  const HECTARE = 10000;
  const language = document.documentElement.lang || "vi";
  const ROOMY = { maxZoom: FIELD, paddingTopLeft: [66, 48], paddingBottomRight: [32, 40] }; // beside the controls
  const CLOSE_ENOUGH = 14; // from here on a field can be drawn
  const LEADING = ["walk_anyway", "walk_add", "draft_go_on", "finish", "add_here", "draw"];
  const numbers = new Intl.NumberFormat(language);
  const hectares = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  const sized = (metres) => (metres < HECTARE ? `${numbers.format(metres)}\u00a0m²` : `${hectares.format(metres / HECTARE)}\u00a0ha`);
  const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? numbers.format(values[name]) : whole));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  class FieldMap {
    constructor(place) {
      this.place = place;
      this.words = JSON.parse(place.dataset.words || "{}");
      this.field = document.getElementById(place.dataset.input || "");
      this.output = document.getElementById(place.dataset.areaOutput || "");
      this.editable = Boolean(this.field) && !("readOnly" in place.dataset);
      this.build();
      this.map = this.ground();
      this.drawing = new Drawing(this.map, this.words, () => this.redrawn());
      this.drawing.editable = this.editable;
      const key = `boundary ${location.pathname} ${place.dataset.input}`;
      this.walk = new Walk(this.map, key, () => this.tell());
      this.underlay();
      this.read();
      this.listen();
    }

    // ---- the pieces on the page

    build() {
      this.place.classList.add("map-live");
      this.surface = text("div", "", "map-ground");
      this.saying = text("p", "", "map-says");
      this.saying.setAttribute("role", "status");
      this.bar = text("div", "", "map-bar");
      this.bar.setAttribute("role", "group");
      this.bar.setAttribute("aria-label", this.words.tools);
      this.source = text("p", this.place.dataset.attribution || "", "map-source");
      this.place.append(...[this.surface, this.saying, this.bar, this.source].filter((piece) => this.editable || ![this.saying, this.bar].includes(piece)));
      this.buttons = this.editable ? this.tools() : {};
    }

    tools() {
      const does = {
        walk_anyway: () => this.walk.record({ insist: true }),
        walk_add: () => this.walk.record(),
        draft_go_on: () => this.walk.begin(this.walk.draft().ring, this.walk.draft().automatic),
        draw: () => this.drawing.begin(),
        walk: () => this.walk.begin([]),
        add_here: () => this.addHere(),
        finish: () => this.finish(),
        walk_auto: () => this.walk.setAutomatic(!this.walk.automatic),
        undo: () => (this.walk.active ? this.walk.undo() : this.drawing.undo()),
        where: () => this.walk.look(),
        remove_corner: () => this.drawing.removeChosen(),
        walk_stop: () => this.walk.end(),
        draft_drop: () => this.walk.forget(),
        delete: () => this.drawing.replace([]),
      };
      const button = (name) => {
        const made = text("button", this.words[name]);
        made.type = "button";
        made.dataset.does = name;
        made.addEventListener("click", does[name]);
        this.bar.append(made);
        return [name, made];
      };
      return Object.fromEntries(Object.keys(does).map(button));
    }

    ground() {
      const map = L.map(this.surface, {
        attributionControl: false, zoomControl: false, scrollWheelZoom: false, maxZoom: CLOSEST, minZoom: 7,
        zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm, zoomSnap: 0.25,
      });
      for (const [name, height] of Object.entries(PANES)) map.createPane(name).style.zIndex = height;
      L.control.zoom({ zoomInTitle: this.words.zoom_in, zoomOutTitle: this.words.zoom_out }).addTo(map);
      L.control.scale({ imperial: false }).addTo(map);
      this.surface.setAttribute("role", "region");
      this.surface.setAttribute("aria-label", this.words.map);
      // A wheel that only passes over the map scrolls the page.
      map.on("focus", () => map.scrollWheelZoom.enable());
      map.on("blur", () => map.scrollWheelZoom.disable());
      const cross = text("div", "", "map-cross");
      cross.setAttribute("aria-hidden", "true");
      this.surface.append(cross);
      return map.fitBounds(WHOLE);
    }

    // ---- what lies under the boundary

    underlay() {
      const { schematic, tiles, others } = this.place.dataset;
      addGrid(this.map);
      if (tiles) L.tileLayer(tiles, { maxZoom: CLOSEST, maxNativeZoom: 19 }).addTo(this.map);
      if (schematic) this.communes = addCommunes(this.map, schematic, this.words).catch(() => []);
      if (others) this.addOthers(others);
    }

    async addOthers(address) {
      try {
        const silent = () => this.drawing.active || this.walk.active;
        const { layer, statuses } = await addOthers(this.map, address, this.words, silent);
        if (statuses.length) this.source.before(legend(statuses, this.words));
        if (!this.drawing.ring.length && layer.getBounds().isValid() && !this.chosenCommune()) this.map.fitBounds(layer.getBounds(), { maxZoom: FIELD, padding: [16, 16] });
        this.place.dataset.drawn = layer.getLayers().length;
      } catch {
        this.source.before(text("p", this.words.others_failed, "map-source"));
      }
    }

    chosenCommune() {
      const named = this.place.dataset.commune || "";
      return document.getElementById(named)?.value ?? named;
    }

    async goToCommune() {
      const code = this.chosenCommune();
      const found = (await this.communes)?.find((one) => one.properties.code === code);
      if (found && !this.drawing.ring.length && !this.walk.active) this.map.fitBounds(L.geoJSON(found).getBounds());
    }

    // ---- between the text and the map

    listen() {
      this.map.on("zoomend", () => this.tell());
      document.getElementById(this.place.dataset.commune || "")?.addEventListener("change", () => this.goToCommune());
      if (!this.editable) return;
      this.field.addEventListener("change", () => this.read());
      this.field.form?.addEventListener("submit", () => this.handedIn());
    }

    // What is being walked, and not in the text yet, stays a draft.
    handedIn() {
      if (this.field.value && !this.walk.active) this.walk.forget();
    }

    // What cannot be read leaves the map as it is.
    read() {
      const ring = geometry.read(this.field?.value ?? this.place.dataset.polygon ?? "");
      this.unreadable = ring === null;
      if (this.unreadable) return this.tell();
      this.reading = true;
      this.drawing.show(ring);
      this.reading = false;
      this.goToRing(ring);
    }

    goToRing(ring) {
      const bounds = L.latLngBounds(ring.map(([longitude, latitude]) => [latitude, longitude]));
      if (bounds.isValid()) this.map.fitBounds(bounds, ROOMY);
      else this.goToCommune();
    }

    redrawn() {
      const metres = this.drawing.crossing() ? 0 : geometry.area(this.drawing.ring);
      if (this.output) {
        this.output.textContent = metres ? sized(Math.round(metres)) : "";
        (this.output.closest("[data-area]") ?? this.output).hidden = !metres;
      }
      if (this.editable && !this.reading) {
        this.unreadable = false;
        this.field.value = geometry.write(this.drawing.ring);
        this.field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      this.tell();
    }

    addHere() {
      const { lat, lng } = this.map.getCenter();
      this.drawing.add([lng, lat]);
    }

    finish() {
      if (!this.walk.active) return this.drawing.finish();
      const ring = this.walk.ring;
      this.walk.end();
      this.drawing.replace(ring);
      this.goToRing(ring);
    }

    // ---- what can be done now, and what is said

    // A draft that the boundary already holds needs no offer.
    offered() {
      const draft = this.walk.draft();
      const held = draft && draft.ring.length > 2 && geometry.write(draft.ring) === this.field.value;
      return held ? null : draft;
    }

    possible() {
      const { drawing, walk } = this;
      if (walk.active) return { walk_anyway: walk.trouble === "poor", walk_add: walk.position && walk.trouble !== "poor", walk_auto: true, undo: walk.ring.length, finish: walk.ring.length > 2, walk_stop: true };
      const line = { undo: drawing.past.length, remove_corner: drawing.removable() };
      if (drawing.active) return { ...line, add_here: true, finish: drawing.ring.length > 2, where: this.walks() };
      if (drawing.ring.length) return { ...line, delete: true };
      const draft = this.offered();
      if (draft) return { draft_go_on: this.walks(), draft_drop: true };
      return { ...line, draw: true, walk: this.walks(), where: this.walks() };
    }

    walks() {
      return "walk" in this.place.dataset && Walk.possible();
    }

    tell() {
      if (!this.editable || !this.walk) return;
      const shown = this.possible();
      const left = document.activeElement;
      const leading = LEADING.find((name) => shown[name]);
      for (const [name, button] of Object.entries(this.buttons)) {
        button.hidden = !shown[name];
        button.classList.toggle("quiet", name !== leading);
      }
      if (left?.hidden && this.bar.contains(left)) this.bar.querySelector("button:not([hidden])")?.focus({ preventScroll: true });
      this.buttons.walk_auto.setAttribute("aria-pressed", String(this.walk.automatic));
      this.surface.classList.toggle("map-drawing", this.drawing.active);
      const [sentence, tone] = this.said();
      if (this.saying.textContent !== sentence) this.saying.textContent = sentence;
      this.saying.dataset.tone = tone;
    }

    said() {
      const { drawing, walk, words } = this;
      const corners = { count: drawing.ring.length };
      if (this.unreadable) return [words.unreadable, "bad"];
      if (walk.trouble === "denied") return [words.walk_denied, "bad"];
      if (walk.active) return this.saidWalking();
      if (walk.trouble === "lost") return [words.walk_lost, "warn"];
      if (drawing.crossing()) return [words.crossing, "bad"];
      if (drawing.active) return [this.saidDrawing(corners), "plain"];
      if (drawing.crowded) return [words.crowded, "plain"];
      if (drawing.chosen !== null && !drawing.removable()) return [filled(words.hint_more, corners), "plain"];
      if (corners.count) return [words.hint_edit, "plain"];
      const draft = this.offered();
      return draft ? [filled(words.draft, { count: draft.ring.length }), "warn"] : [words.hint_empty, "plain"];
    }

    saidDrawing(corners) {
      if (corners.count) return corners.count < 3 ? filled(this.words.hint_more, corners) : this.words.hint_done;
      return this.map.getZoom() < CLOSE_ENOUGH ? this.words.hint_far : this.words.hint_draw;
    }

    saidWalking() {
      const { walk, words } = this;
      if (walk.trouble === "lost") return [words.walk_lost, "warn"];
      if (!walk.position) return [words.walk_waiting, "plain"];
      const values = { metres: Math.ceil(walk.position.accuracy), count: walk.ring.length };
      return walk.trouble === "poor" ? [filled(words.walk_poor, values), "warn"] : [filled(words.walk_here, values), "plain"];
    }
  }

  for (const place of document.querySelectorAll(".map[data-map]")) new FieldMap(place);
})();
