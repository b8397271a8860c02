export { platformConnections } from './platform-connections.ts';
export type { Connection, PlatformConnections } from './platform-connections.ts';
