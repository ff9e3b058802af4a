// Live scanning where the phone can: a button beside the photograph field, which works everywhere.
"use strict";
(() => {
  const decoder = document.currentScript.dataset.decoder;
  const words = { vi: ["Quét bằng camera", "Dừng"], zh: ["用摄像头扫描", "停止"] }[document.documentElement.lang.slice(0, 2)] || ["Scan with the camera", "Stop"];
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
    const button = document.createElement("button");
    button.type = "button";
    button.className = "block";
    button.textContent = words[0];
    button.dataset.live = "";
    form.before(button);
    let stop = null;
    button.addEventListener("click", async () => {
      if (stop) return stop();
      const video = document.createElement("video");
      video.playsInline = true;
      video.muted = true;
      let stream;
      try {
        const [read, opened] = await Promise.all([reader(), navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } })]);
        stream = opened;
        video.srcObject = stream;
        await video.play();
        button.after(video);
        button.textContent = words[1];
        const timer = setInterval(async () => {
          const text = video.videoWidth && (await read(video).catch(() => null));
          if (!text) return;
          stop();
          location.assign(form.dataset.scan + encodeURIComponent(text));
        }, READ_EVERY);
        stop = () => {
          clearInterval(timer);
          stream.getTracks().forEach((track) => track.stop());
          video.remove();
          button.textContent = words[0];
          stop = null;
        };
      } catch {
        stream?.getTracks().forEach((track) => track.stop());
        button.remove(); // no camera, or not allowed: the photograph field remains
      }
    });
  }
})();
