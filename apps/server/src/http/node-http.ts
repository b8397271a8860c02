/**
 * Values of `node:http` for whatever every start loads. Imported, that module loads all of `fetch` with it, which costs
 * every process 11 MB and a start a twentieth of a second before anybody has fetched anything.
 */
export const { METHODS, STATUS_CODES, ServerResponse } = process.getBuiltinModule('node:http');
