// Reads labels with the camera, where the browser can: says each code once until another one is seen.
export const able = "BarcodeDetector" in window && Boolean(navigator.mediaDevices);

export async function watch(video, found) {
  const reader = new BarcodeDetector({ formats: ["qr_code"] });
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.hidden = false;
  await video.play();
  let last = "";
  while (video.srcObject.active) {
    const [seen] = await reader.detect(video);
    if (seen && seen.rawValue !== last) found((last = seen.rawValue));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
