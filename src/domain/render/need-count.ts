import { plural } from '../../lib/text.ts';

/** `nothing needs you`, `1 needs you`, `3 need you`. */
export function renderNeedCount(needs: number): string {
  return needs === 0 ? 'nothing needs you' : `${needs} ${plural(needs, 'needs', 'need')} you`;
}
