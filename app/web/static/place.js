// The position of this telephone, made a province here: nothing finer leaves it, and nothing before it is sent.
"use strict";
(() => {
  const form = document.querySelector("form[data-place]");
  const list = form?.querySelector("#province");
  if (!list || !navigator.geolocation) return;
  const words = form.dataset;

  const distance = (option, here) => {
    const [lat, lon] = option.dataset.at.split(",").map(Number);
    const east = (lon - here.longitude) * Math.cos((here.latitude * Math.PI) / 180);
    return Math.hypot(lat - here.latitude, east);
  };

  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet block";
  button.textContent = words.ask;
  const told = document.createElement("p");
  told.className = "soft small";
  told.setAttribute("role", "status");
  form.prepend(button, told);

  const found = ({ coords }) => {
    const known = [...list.options].filter((option) => option.dataset.at);
    const nearest = known.reduce((one, other) => (distance(other, coords) < distance(one, coords) ? other : one));
    list.value = nearest.value;
    told.textContent = "";
    list.focus();
  };
  const failed = () => { told.textContent = words.failed; };
  button.addEventListener("click", () => {
    told.textContent = words.wait;
    const rough = { enableHighAccuracy: false, timeout: 10000, maximumAge: 3600000 };
    navigator.geolocation.getCurrentPosition(found, failed, rough);
  });
})();
