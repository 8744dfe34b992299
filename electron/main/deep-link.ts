import { contentIdSchema, type ContentId } from '../../core/record/index.ts';

export const LINK_SCHEME = 'proofswarm';
const LINK = new RegExp(`^${LINK_SCHEME}://statement/([a-z2-7]{1,100})/?$`);

/** The statement of `proofswarm://statement/ID`. Anybody can make a link: nothing else is understood. */
export function statementOfLink(text: string): ContentId | undefined {
  return contentIdSchema.safeParse(LINK.exec(text)?.[1]).data;
}

/** Where the system starts the app for a link, the link is among the arguments. */
export function statementOfArguments(args: readonly string[]): ContentId | undefined {
  for (const text of args) {
    const statement = statementOfLink(text);
    if (statement !== undefined) return statement;
  }
  return undefined;
}
