/** The browser's storage, or nothing where the person's settings refuse it (reading the property then throws). */
function shelf(kind: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[kind];
  } catch {
    return undefined;
  }
}

export const deviceShelf = () => shelf('localStorage');
export const tabShelf = () => shelf('sessionStorage');
