/**
 * Waits for a listener.
 * @throws Error that names the variable its port comes from, such as `METRICS_PORT: listen EADDRINUSE: …`
 */
export async function listenOn<T>(variable: string, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`${variable}: ${said}`, { cause: error });
  }
}
