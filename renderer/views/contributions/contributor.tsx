import { shortId } from '../../components/format.ts';

/** A name is whoever's who writes it: this stands beside it, and in its place where there is none. */
export const ContributorId = ({ peer }: { readonly peer: string }) => (
  <code className="contributor-id" title={peer}>
    {shortId(peer)}
  </code>
);
