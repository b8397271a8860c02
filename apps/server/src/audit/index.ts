export { auditEventTypes } from './events.ts';
export type { AuditEventType } from './events.ts';
export { recordEvent } from './record-event.ts';
export type { Actor, AuditEvent, Origin } from './record-event.ts';
