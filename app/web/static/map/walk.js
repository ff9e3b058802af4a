// Walking around a field: positions become corners, and a draft outlives a reload of the page.
"use strict";
(() => {
  const { distance } = window.fieldMap.geometry;
  const GOOD_ENOUGH = 25; // metres of accuracy
  const STRIDE = 10; // metres between corners recorded by themselves
  const CLOSE_UP = 18; // zoom at which a field fills the screen
  const ASKED = { enableHighAccuracy: true, maximumAge: 0, timeout: 30000 };
  const REFUSED = 1; // GeolocationPositionError.PERMISSION_DENIED
  const BLUE = "#1b4fa3";

  // The browser may have no storage, or refuse it: then a reload loses the draft and nothing else.
  const kept = {
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // nothing to be done
      }
    },
  };

  const isRing = (ring) => Array.isArray(ring) && ring.length > 0 && ring.every((corner) => corner.every(Number.isFinite));

  class Walk {
    // `changed` is called after every position, corner and change of mode.
    constructor(map, key, changed) {
      Object.assign(this, { map, key, changed });
      this.active = false;
      this.automatic = false;
      this.ring = [];
      this.position = null; // { corner, accuracy } where the phone is
      this.trouble = null; // "denied", "lost" or "poor"
      const line = { interactive: false, color: BLUE, pane: "walk" };
      this.casing = L.polyline([], { ...line, color: "#fff", weight: 8, opacity: 0.9 });
      this.track = L.polyline([], { ...line, weight: 4, dashArray: "8 8" });
      this.marks = L.layerGroup();
      this.halo = L.circle([0, 0], { ...line, radius: 1, weight: 2, fillOpacity: 0.12 });
      this.dot = L.circleMarker([0, 0], { ...line, radius: 8, color: "#fff", weight: 3, fillColor: BLUE, fillOpacity: 1 });
    }

    static possible() {
      return Boolean(navigator.geolocation);
    }

    draft() {
      const found = kept.read(this.key);
      return isRing(found?.ring) ? found : null;
    }

    forget() {
      kept.write(this.key, null);
      this.changed();
    }

    // Walks on from these corners.
    begin(ring, automatic = false) {
      Object.assign(this, { active: true, ring, automatic, trouble: null });
      for (const layer of [this.casing, this.track, this.marks]) layer.addTo(this.map);
      this.paint();
      this.watched = navigator.geolocation.watchPosition((seen) => this.arrived(seen), (why) => this.failed(why), ASKED);
      this.keepAwake();
      this.changed();
    }

    end() {
      navigator.geolocation.clearWatch(this.watched);
      this.awake?.release().catch(() => {});
      for (const layer of [this.casing, this.track, this.marks, this.halo, this.dot]) layer.remove();
      Object.assign(this, { active: false, position: null, trouble: null, awake: null });
      this.changed();
    }

    // Shows once where the phone is, without walking.
    look() {
      this.trouble = null;
      navigator.geolocation.getCurrentPosition((seen) => this.arrived(seen), (why) => this.failed(why), ASKED);
    }

    record({ insist = false } = {}) {
      if (!this.position) return;
      this.trouble = this.position.accuracy > GOOD_ENOUGH && !insist ? "poor" : null;
      if (!this.trouble) this.keep([...this.ring, this.position.corner]);
      this.changed();
    }

    undo() {
      this.keep(this.ring.slice(0, -1));
      this.changed();
    }

    setAutomatic(automatic) {
      this.automatic = automatic;
      this.stride();
      this.keep(this.ring);
      this.changed();
    }

    keep(ring) {
      this.ring = ring;
      kept.write(this.key, ring.length ? { ring, automatic: this.automatic } : null);
      this.paint();
    }

    arrived({ coords }) {
      const first = !this.position;
      this.position = { corner: [coords.longitude, coords.latitude], accuracy: coords.accuracy };
      if (this.trouble !== "poor" || coords.accuracy <= GOOD_ENOUGH) this.trouble = null;
      if (this.active) this.stride();
      this.follow(first);
      this.changed();
    }

    failed({ code }) {
      this.trouble = code === REFUSED ? "denied" : "lost";
      this.changed();
    }

    stride() {
      if (!this.automatic || !this.position || this.position.accuracy > GOOD_ENOUGH) return;
      const far = !this.ring.length || distance(this.ring.at(-1), this.position.corner) >= STRIDE;
      if (far) this.keep([...this.ring, this.position.corner]);
    }

    follow(first) {
      const [longitude, latitude] = this.position.corner;
      const at = L.latLng(latitude, longitude);
      this.halo.setLatLng(at).setRadius(this.position.accuracy).addTo(this.map);
      this.dot.setLatLng(at).addTo(this.map);
      if (first) this.map.setView(at, Math.max(CLOSE_UP, this.map.getZoom()), { animate: false });
      else if (!this.map.getBounds().pad(-0.1).contains(at)) this.overlook(at);
    }

    // The whole way so far, and where the phone is now.
    overlook(at) {
      const way = this.ring.map(([longitude, latitude]) => [latitude, longitude]);
      this.map.fitBounds(L.latLngBounds([...way, at]), { maxZoom: CLOSE_UP, paddingTopLeft: [66, 48], paddingBottomRight: [40, 40], animate: false });
    }

    paint() {
      const places = this.ring.map(([longitude, latitude]) => [latitude, longitude]);
      this.casing.setLatLngs(places);
      this.track.setLatLngs(places);
      this.marks.clearLayers();
      for (const place of places) {
        L.circleMarker(place, { interactive: false, pane: "walk", radius: 6, color: BLUE, weight: 3, fillColor: "#fff", fillOpacity: 1 }).addTo(this.marks);
      }
      if (this.position) this.dot.bringToFront();
    }

    // A dark screen would stop the positions.
    async keepAwake() {
      this.awake = await navigator.wakeLock?.request("screen").catch(() => null);
      if (!this.active) this.awake?.release().catch(() => {});
    }
  }

  window.fieldMap.Walk = Walk;
})();
