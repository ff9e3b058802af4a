// Live scanning where the phone can: a button beside the photograph field, which works everywhere.
"use strict";
(() => {
  const decoder = document.currentScript.dataset.decoder;
  const READ_EVERY = 200;
  if (!navigator.mediaDevices?.getUserMedia) return;

  const loadDecoder = () => new Promise((done, failed) => {
    if (window.jsQR) return done();
    const script = document.createElement("script");
    script.src = decoder;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });

  const reader = async () => {
    if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const native = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await native.detect(video))[0]?.rawValue;
    }
    await loadDecoder();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async (video) => {
      const scale = Math.min(1, 800 / video.videoWidth);
      canvas.width = video.videoWidth * scale;
      canvas.height = video.videoHeight * scale;
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(picture.data, picture.width, picture.height)?.data;
    };
  };

  for (const form of document.querySelectorAll("form[data-scan]")) {
    const words = form.dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "block";
    button.textContent = words.start;
    button.dataset.live = "";
    const told = document.createElement("p");
    told.className = "soft";
    told.setAttribute("role", "status");
    form.before(button, told);
    let stop = null;
    let opening = false;
    const begin = async () => {
      const video = document.createElement("video");
      video.playsInline = true;
      video.muted = true;
      video.setAttribute("aria-label", words.looking);
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        const read = await reader();
        video.srcObject = stream;
        await video.play();
        button.after(video);
        button.textContent = words.stop;
        told.textContent = words.looking;
        let looking = false;
        const timer = setInterval(async () => {
          if (looking || !video.videoWidth) return; // a slow phone finishes one picture first
          looking = true;
          const text = await read(video).catch(() => null);
          looking = false;
          if (!text || !stop) return;
          stop();
          location.assign(words.scan + encodeURIComponent(text));
        }, READ_EVERY);
        stop = () => {
          clearInterval(timer);
          stream.getTracks().forEach((track) => track.stop());
          video.remove();
          button.textContent = words.start;
          told.textContent = "";
          stop = null;
        };
      } catch {
        stream?.getTracks().forEach((track) => track.stop());
        button.remove(); // no camera, or not allowed: the photograph field remains
        told.textContent = words.denied;
      }
    };
    button.addEventListener("click", async () => {
      if (stop) return stop();
      if (opening) return;
      opening = true;
      await begin();
      opening = false;
    });
  }
})();
