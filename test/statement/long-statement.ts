import { makeStatement, type Statement } from '../../core/record/index.ts';

/** A statement whose line on the board has somewhat more than `length` bytes. */
export const longStatement = (name: string, length = 0): Statement =>
  makeStatement({
    environment: { lean: '4.28.0-pre', library: 'core' },
    header: '',
    formal: `theorem ${name} : True`,
    name,
    ...(length === 0 ? {} : { informal: 'x'.repeat(length) }),
  });
