// Photographs made small on the phone: at most 1,280 pixels and about 200 kB, without where they were taken.
"use strict";
const Photo = (() => {
  const SIDE = 1280, BYTES = 200 * 1024, QUALITIES = [0.78, 0.65, 0.5, 0.38];

  const load = (file) => new Promise((done, failed) => {
    const picture = new Image();
    picture.onload = () => done(picture);
    picture.onerror = () => failed(new Error("no picture"));
    picture.src = URL.createObjectURL(file);
  });
  const encode = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

  const small = async (file) => {
    const picture = await load(file);
    const scale = Math.min(1, SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(picture.src);
    let blob;
    for (const quality of QUALITIES) {
      blob = await encode(canvas, quality);
      if (blob && blob.size <= BYTES) break;
    }
    if (!blob) throw new Error("no picture");
    return blob;
  };
  return { small };
})();
