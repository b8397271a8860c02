import { z } from 'zod';

/**
 * Imported first of all: schemas made before this would try to compile themselves with `new Function`, which our
 * content security policy refuses and reports.
 */
z.config({ jitless: true });
