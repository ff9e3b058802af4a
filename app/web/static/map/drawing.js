// One boundary on the map: its line, its corners as handles for fingers and keys, and its former states.
"use strict";
(() => {
  const { crosses } = window.fieldMap.geometry;
  const FINGER = 44; // pixels across, of everything that can be touched
  const MOST_HANDLES = 120; // more of them at once would only be in each other's way
  const STEP = 4; // pixels that a key moves a corner by; with Shift five times as many
  const MOST_STEPS_BACK = 200;
  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const INK = { good: "#0e4a29", bad: "#a3161a" };
  const isDrawn = (ring) => ring.length > 2;

  class Drawing {
    // `changed` is called after every change of the ring, of the choice or of the mode.
    constructor(map, words, changed) {
      Object.assign(this, { map, words, changed });
      this.ring = [];
      this.past = [];
      this.active = false; // whether a tap adds a corner
      this.chosen = null; // the index of a corner
      this.editable = false;
      this.busy = false; // while a handle is being dragged
      this.corners = [];
      this.middles = [];
      const line = { interactive: false, lineJoin: "round", lineCap: "round", smoothFactor: 0 };
      this.casing = L.polyline([], { ...line, color: "#fff", weight: 8, opacity: 0.9 });
      this.ground = L.polygon([], { ...line, stroke: false, fillOpacity: 0.2 });
      this.line = L.polyline([], { ...line, weight: 4 });
      this.closing = L.polyline([], { ...line, weight: 3, dashArray: "2 8" });
      this.layers = [this.ground, this.casing, this.line, this.closing];
      for (const layer of this.layers) layer.addTo(map);
      map.on("click", (event) => this.tapped(event.latlng));
      map.on("zoomend moveend", () => this.busy || this.refresh());
    }

    // ---- what can be done to it

    // A ring from elsewhere; what was drawn before can be had back.
    show(ring) {
      this.active = false;
      if (this.ring.length) this.remember();
      this.ring = ring;
      this.finish();
    }

    begin() {
      this.active = true;
      this.map.doubleClickZoom.disable();
      this.refresh();
      this.changed();
    }

    finish() {
      this.active = false;
      this.chosen = null;
      this.map.doubleClickZoom.enable();
      this.refresh();
      this.changed();
    }

    replace(ring) {
      this.remember();
      this.chosen = null;
      this.ring = ring;
      this.refresh();
      this.changed();
    }

    add(place) {
      this.replace([...this.ring, place]);
    }

    removeChosen() {
      this.replace(this.ring.filter((_, index) => index !== this.chosen));
    }

    undo() {
      const before = this.past.pop();
      if (!before) return;
      this.ring = before;
      this.chosen = null;
      this.active = this.ring.length > 0 && (this.active || !isDrawn(this.ring));
      this.refresh();
      this.changed();
    }

    crossing() {
      return crosses(this.ring, !this.active);
    }

    removable() {
      return this.chosen !== null && (this.active || this.ring.length > 3);
    }

    // ---- how it looks

    refresh() {
      this.paint();
      const seen = this.handled();
      this.crowded = seen.length > MOST_HANDLES;
      this.placeCorners(this.crowded ? [] : seen);
      this.placeMiddles(this.crowded || this.active ? [] : seen);
    }

    paint() {
      const places = this.ring.map(([longitude, latitude]) => [latitude, longitude]);
      const closed = isDrawn(places) ? [...places, places[0]] : places;
      const color = this.crossing() ? INK.bad : INK.good;
      this.ground.setStyle({ fillColor: color }).setLatLngs(isDrawn(places) ? places : []);
      this.casing.setLatLngs(this.active ? places : closed);
      this.line.setStyle({ color, dashArray: color === INK.bad ? "10 8" : null });
      this.line.setLatLngs(this.active ? places : closed);
      this.closing.setStyle({ color }).setLatLngs(this.active && isDrawn(places) ? [places[0], places.at(-1)] : []);
    }

    handled() {
      if (!this.editable) return [];
      const seen = this.map.getBounds().pad(0.2);
      return this.ring.map((_, index) => index).filter((index) => seen.contains(this.place(index)));
    }

    place(index) {
      const [longitude, latitude] = this.ring[index % this.ring.length];
      return L.latLng(latitude, longitude);
    }

    placeCorners(indexes) {
      while (this.corners.length > indexes.length) this.corners.pop().remove();
      indexes.forEach((index, nth) => {
        this.corners[nth] ??= this.corner();
        const handle = this.corners[nth];
        handle.index = index;
        handle.setLatLng(this.place(index));
        const element = handle.getElement();
        const begins = this.active && index === 0 && isDrawn(this.ring);
        element.classList.toggle("map-chosen", index === this.chosen);
        element.classList.toggle("map-first", begins);
        element.setAttribute("aria-pressed", String(index === this.chosen));
        element.setAttribute("aria-label", begins ? this.words.finish : this.words.corner.replace("{number}", index + 1));
      });
    }

    placeMiddles(indexes) {
      const roomy = indexes.filter((index) => this.ring.length > 2 && this.room(index) > 2 * FINGER);
      while (this.middles.length > roomy.length) this.middles.pop().remove();
      roomy.forEach((index, nth) => {
        this.middles[nth] ??= this.middle();
        this.middles[nth].index = index;
        this.middles[nth].setLatLng(this.halfway(index));
      });
    }

    room(index) {
      const [from, to] = [index, index + 1].map((nth) => this.map.latLngToContainerPoint(this.place(nth)));
      return from.distanceTo(to);
    }

    halfway(index) {
      const [from, to] = [this.place(index), this.place(index + 1)];
      return L.latLng((from.lat + to.lat) / 2, (from.lng + to.lng) / 2);
    }

    // ---- handles

    corner() {
      const handle = this.handle("map-corner", { keyboard: true, zIndexOffset: 1000 });
      handle.on("click", () => this.touched(handle.index));
      handle.on("dragstart", () => this.lift());
      handle.on("drag", () => this.moved(handle.index, handle.getLatLng()));
      handle.on("dragend", () => this.dropped());
      L.DomEvent.on(handle.getElement(), "keydown", (event) => this.pressed(event, handle.index));
      return handle;
    }

    middle() {
      const handle = this.handle("map-middle", { keyboard: false });
      handle.getElement().title = this.words.middle;
      const insert = () => {
        this.lift();
        this.ring.splice(handle.index + 1, 0, [handle.getLatLng().lng, handle.getLatLng().lat]);
      };
      handle.on("click", () => {
        insert();
        this.dropped();
      });
      handle.on("dragstart", insert);
      handle.on("drag", () => this.moved(handle.index + 1, handle.getLatLng()));
      handle.on("dragend", () => this.dropped());
      return handle;
    }

    handle(className, options) {
      const icon = L.divIcon({ className, iconSize: [FINGER, FINGER] });
      return L.marker(this.map.getCenter(), { icon, draggable: true, autoPan: true, ...options }).addTo(this.map);
    }

    remember() {
      this.past = [...this.past.slice(1 - MOST_STEPS_BACK), this.ring.map((corner) => [...corner])];
    }

    lift() {
      this.remember();
      this.busy = true;
    }

    moved(index, { lat, lng }) {
      this.ring[index] = [lng, lat];
      this.paint();
      this.changed();
    }

    dropped() {
      this.busy = false;
      this.refresh();
      this.changed();
    }

    tapped({ lat, lng }) {
      if (this.active) return this.add([lng, lat]);
      if (this.chosen !== null) this.touched(this.chosen);
    }

    // The first corner closes a line that is being drawn; any other is chosen, or let go.
    touched(index) {
      if (this.active && index === 0 && isDrawn(this.ring)) return this.finish();
      this.chosen = this.chosen === index ? null : index;
      this.refresh();
      this.changed();
    }

    pressed(event, index) {
      const move = MOVES[event.key];
      const chooses = event.key === "Enter" || event.key === " ";
      const removes = event.key === "Delete" || event.key === "Backspace";
      if (!move && !chooses && !removes) return;
      L.DomEvent.stop(event);
      if (chooses) return this.touched(index);
      if (removes) return this.removedByKey(index);
      const step = STEP * (event.shiftKey ? 5 : 1);
      const at = this.map.latLngToContainerPoint(this.place(index)).add([move[0] * step, move[1] * step]);
      this.remember();
      this.moved(index, this.map.containerPointToLatLng(at));
      this.refresh();
    }

    removedByKey(index) {
      this.chosen = index;
      if (this.removable()) this.removeChosen();
    }
  }

  window.fieldMap.Drawing = Drawing;
})();
