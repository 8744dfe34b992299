import { z } from 'zod';

// Before any schema is made: zod would try whether it may compile code, which the hosts' policies report as a violation.
z.config({ jitless: true });
