/** Saves something as a file of this name, as a download does. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then, whatever the browser.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
