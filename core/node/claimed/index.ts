/** Records that this node cannot judge: kept, passed on, shown as such, and never used. */
export { ClaimedShelf } from './claimed-shelf.ts';
export { searchClaimed, type ClaimedPage } from './search.ts';
