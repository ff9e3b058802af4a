// What lies under a boundary and is only to be read: communes, a grid to move over, other boundaries.
"use strict";
(() => {
  const NAMES_FROM = 10; // zoom from which the names of communes have room
  const GRID_FROM = 13; // zoom from which a commune is one plain ground
  const DETAIL_FROM = 15; // zoom from which dashes can be seen on a field
  const DOTS_BELOW = 13; // zoom below which a field is smaller than a dot that can be seen and touched
  const FINGER_ROOM = 8; // pixels around a line that still count as touching it
  const BESIDE_CONTROLS = [62, 52]; // pixels that the buttons and the sign above take
  // Every status differs from the others in its dashes too, so that it can be read without colour.
  const LOOKS = {
    active: { color: "#17653a", weight: 2.5, fillOpacity: 0.14 },
    organic: { color: "#1b4fa3", weight: 4, fillOpacity: 0.14 },
    warned: { color: "#8a5a00", weight: 2.5, dashArray: "14 5", fillOpacity: 0.16 },
    suspended: { color: "#b3470b", weight: 3, dashArray: "6 5", fillOpacity: 0.16 },
    revoked: { color: "#a3161a", weight: 3, dashArray: "14 5 2 5", fillOpacity: 0.12 },
    none: { color: "#5a665f", weight: 2, dashArray: "2 5", fillOpacity: 0.08 },
    overlap: { color: "#7d1160", weight: 3.5, dashArray: "3 3", fillOpacity: 0.5 },
  };
  const NAMED = Object.keys(LOOKS);
  const SVG = "http://www.w3.org/2000/svg";

  const statusOf = (feature) => (NAMED.includes(feature.properties?.status) ? feature.properties.status : "none");
  const FROM_AFAR = { weight: 0.8, dashArray: null, fillOpacity: 0.55 };
  const lookOf = (feature, near) => {
    const look = LOOKS[statusOf(feature)];
    return { dashArray: null, ...look, fillColor: look.color, ...(near ? {} : FROM_AFAR) };
  };
  const fetched = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  const text = (tag, words, className) => {
    const element = document.createElement(tag);
    element.textContent = words;
    if (className) element.className = className;
    return element;
  };

  // ---- communes

  const nameOf = ({ properties }) => {
    const icon = L.divIcon({ className: "map-name", html: text("span", properties.name), iconSize: [0, 0] });
    const [longitude, latitude] = properties.middle;
    return L.marker([latitude, longitude], { icon, interactive: false, keyboard: false, pane: "names" });
  };

  const squared = ([longitude, latitude], { lng, lat }) =>
    ((longitude - lng) * Math.cos((lat * Math.PI) / 180)) ** 2 + (latitude - lat) ** 2;

  // A small sign that says which commune's middle is nearest, where the ground alone would not tell.
  const nearSign = (map, features, words) => {
    const sign = L.control({ position: "topright" });
    sign.onAdd = () => text("div", "", "map-near");
    sign.addTo(map);
    const tell = () => {
      const far = map.getZoom() < NAMES_FROM + 2;
      const centre = map.getCenter();
      const nearest = features.reduce((best, one) =>
        squared(one.properties.middle, centre) < squared(best.properties.middle, centre) ? one : best);
      sign.getContainer().hidden = far;
      sign.getContainer().textContent = words.near.replace("{name}", nearest.properties.name);
    };
    map.on("moveend", tell);
    tell();
  };

  // The schematic ground; resolves to its features.
  const addCommunes = async (map, address, words) => {
    const { features } = await fetched(address);
    const look = { color: "#a9b8ad", weight: 1.5, fillColor: "#f3f7f1", fillOpacity: 1 };
    L.geoJSON(features, { pane: "communes", renderer: L.canvas({ pane: "communes", padding: 0.5 }), interactive: false, style: look }).addTo(map);
    const names = L.layerGroup(features.map(nameOf));
    const name = () => (map.getZoom() >= NAMES_FROM ? names.addTo(map) : names.remove());
    map.on("zoomend", name);
    name();
    if (features.length) nearSign(map, features, words);
    return features;
  };

  const addGrid = (map) => {
    const Grid = L.GridLayer.extend({ createTile: () => text("div", "", "map-square") });
    new Grid({ pane: "grid", minZoom: GRID_FROM, tileSize: 128 }).addTo(map);
  };

  // ---- other boundaries

  const isOurs = (address) => typeof address === "string" && /^\/(?!\/)/.test(address);

  const told = (feature, words) => {
    const { name, href } = feature.properties ?? {};
    const said = document.createElement("div");
    const title = text("b", name || words.status[statusOf(feature)]);
    if (isOurs(href)) {
      const link = document.createElement("a");
      link.href = href;
      link.append(title);
      said.append(link);
    } else said.append(title);
    if (name) said.append(text("span", words.status[statusOf(feature)]));
    said.className = "map-told";
    return said;
  };

  const popup = (map, feature, at, words) => {
    const room = Math.min(240, map.getSize().x - 140); // beside the controls, without its margins
    const opened = L.popup({ maxWidth: room, minWidth: 100, autoPanPaddingTopLeft: BESIDE_CONTROLS }).setLatLng(at).setContent(told(feature, words)).openOn(map);
    opened.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close);
  };

  // From afar dashes would only blur: the lines are thin and the ground is full.
  const dashed = (map, layer) => {
    let shown = true;
    const look = () => {
      const near = map.getZoom() >= DETAIL_FROM;
      if (near !== shown) layer.setStyle((feature) => lookOf(feature, near));
      shown = near;
    };
    map.on("zoomend", look);
    look();
  };

  // From farther still a field is nothing: a dot in its middle stands for it.
  const dotted = (map, layer, renderer, opened) => {
    let dots = null;
    const dot = (one) => {
      const { color } = LOOKS[statusOf(one.feature)];
      const at = one.getBounds().getCenter();
      return L.circleMarker(at, { pane: "others", renderer, radius: 6, color: "#fff", weight: 1.5, fillColor: color, fillOpacity: 1 })
        .on("click", (event) => opened(one.feature, event.latlng));
    };
    const look = () => {
      if (map.getZoom() >= DOTS_BELOW) return dots?.remove();
      dots ??= L.layerGroup(layer.getLayers().filter((one) => one.getBounds).map(dot));
      return dots.addTo(map);
    };
    map.on("zoomend", look);
    look();
  };

  // The FeatureCollection at an address, drawn; `silent()` says when a touch means something else.
  const addOthers = async (map, address, words, silent) => {
    const { features } = await fetched(address);
    const upwards = [...features].sort((one, other) => NAMED.indexOf(statusOf(one)) - NAMED.indexOf(statusOf(other)));
    const renderer = L.canvas({ pane: "others", padding: 0.3, tolerance: FINGER_ROOM });
    const layer = L.geoJSON(upwards, {
      pane: "others",
      renderer,
      style: (feature) => lookOf(feature, true),
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 9 }),
    });
    const opened = (feature, at) => silent() || popup(map, feature, at, words);
    layer.on("click", (event) => opened(event.layer.feature, event.latlng));
    dashed(map, layer);
    layer.addTo(map);
    dotted(map, layer, renderer, opened);
    return { layer, statuses: NAMED.filter((status) => features.some((one) => statusOf(one) === status)) };
  };

  const swatch = ({ color, weight, dashArray, fillOpacity }) => {
    const picture = document.createElementNS(SVG, "svg");
    const box = document.createElementNS(SVG, "rect");
    const drawn = { x: 3, y: 3, width: 50, height: 18, stroke: color, "stroke-width": weight, "stroke-dasharray": dashArray ?? "none", fill: color, "fill-opacity": fillOpacity };
    for (const [name, value] of Object.entries(drawn)) box.setAttribute(name, value);
    picture.setAttribute("viewBox", "0 0 56 24");
    picture.setAttribute("aria-hidden", "true");
    picture.append(box);
    return picture;
  };

  const legend = (statuses, words) => {
    const list = document.createElement("ul");
    list.className = "map-legend";
    list.setAttribute("aria-label", words.legend);
    for (const status of statuses) {
      const line = document.createElement("li");
      line.append(swatch(LOOKS[status]), text("span", words.status[status]));
      list.append(line);
    }
    return list;
  };

  Object.assign(window.fieldMap, { addCommunes, addGrid, addOthers, legend, text });
})();
