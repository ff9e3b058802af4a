// Rings of corners, each [longitude, latitude] in degrees (WGS 84), the first not repeated at the end.
"use strict";
(() => {
  const AXIS = 6378137; // metres, of the ellipsoid WGS 84
  const ECCENTRICITY = 0.00669437999014; // squared
  const DECIMALS = 7; // about a centimetre, as the server keeps them

  // Metres along a degree of longitude and of latitude, at a latitude.
  const degree = (latitude) => {
    const turn = Math.PI / 180;
    const bulge = 1 - ECCENTRICITY * Math.sin(latitude * turn) ** 2;
    const east = (turn * AXIS * Math.cos(latitude * turn)) / Math.sqrt(bulge);
    const north = (turn * AXIS * (1 - ECCENTRICITY)) / bulge ** 1.5;
    return [east, north];
  };

  const middleLatitude = (ring) => ring.reduce((sum, corner) => sum + corner[1], 0) / ring.length;

  // Twice the area between three corners; its sign says to which side the third lies.
  const side = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

  // Square metres; the ellipsoid is taken as flat, within 0.1 % for anything smaller than a commune.
  const area = (ring) => {
    if (ring.length < 3) return 0;
    const [east, north] = degree(middleLatitude(ring));
    let twice = 0;
    for (let i = 1; i + 1 < ring.length; i += 1) twice += side(ring[0], ring[i], ring[i + 1]);
    return (Math.abs(twice) / 2) * east * north;
  };

  // Metres between two corners that are near one another.
  const distance = (one, other) => {
    const [east, north] = degree((one[1] + other[1]) / 2);
    return Math.hypot((one[0] - other[0]) * east, (one[1] - other[1]) * north);
  };

  const between = (a, b, c) =>
    Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);

  const meet = (a, b, c, d) => {
    const [c0, d0, a0, b0] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
    if (c0 * d0 < 0 && a0 * b0 < 0) return true;
    return (c0 === 0 && between(a, b, c)) || (d0 === 0 && between(a, b, d)) ||
      (a0 === 0 && between(c, d, a)) || (b0 === 0 && between(c, d, b));
  };

  // Whether a line crosses or touches itself; a closed one also runs from the last corner to the first.
  const crosses = (ring, closed = true) => {
    const sides = ring.length - (closed ? 0 : 1);
    const at = (i) => ring[i % ring.length];
    for (let i = 0; i < sides; i += 1) {
      for (let j = i + 2; j < sides; j += 1) {
        if (closed && i === 0 && j === sides - 1) continue; // they share the first corner
        if (meet(at(i), at(i + 1), at(j), at(j + 1))) return true;
      }
    }
    return false;
  };

  const isCorner = (place) =>
    Array.isArray(place) && Number.isFinite(place[0]) && Number.isFinite(place[1]) &&
    Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 85;

  const same = (one, other) => one[0] === other[0] && one[1] === other[1];

  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  };

  // The ring of a GeoJSON Polygon, or of a Feature with one; [] for an empty text, null for any other.
  const read = (text) => {
    if (!text.trim()) return [];
    const found = parsed(text);
    const polygon = found?.type === "Feature" ? found.geometry : found;
    const rings = polygon?.type === "Polygon" ? polygon.coordinates : null;
    if (!Array.isArray(rings) || rings.length !== 1 || !Array.isArray(rings[0])) return null;
    if (!rings[0].every(isCorner)) return null;
    const ring = rings[0].map((place) => [place[0], place[1]]);
    while (ring.length > 1 && same(ring[0], ring.at(-1))) ring.pop();
    return ring.length < 3 ? null : ring;
  };

  // The closed GeoJSON Polygon of a ring, as text, counter-clockwise; "" for fewer than three corners.
  const write = (ring) => {
    if (ring.length < 3) return "";
    let twice = 0;
    for (let i = 1; i + 1 < ring.length; i += 1) twice += side(ring[0], ring[i], ring[i + 1]);
    const corners = (twice < 0 ? [...ring].reverse() : ring).map((corner) =>
      corner.map((degrees) => Number(degrees.toFixed(DECIMALS))));
    return JSON.stringify({ type: "Polygon", coordinates: [[...corners, corners[0]]] });
  };

  window.fieldMap = { geometry: { area, crosses, distance, read, write } };
})();
