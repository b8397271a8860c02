export * from './problem.ts';
export * from './sign-in.ts';
export * from './people.ts';
export * from './control-plane.ts';
export * from './own-sessions.ts';
export * from './onboarding.ts';
export * from './trail.ts';
