/**
 * Asks for every item, at most `places` at a time, and answers in the order of the items. The first failure
 * is the failure of the whole.
 */
export async function mapAtMost<Item, Result>(
  places: number,
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  // All take from one iterator, so that nobody waits for a slow neighbour.
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [at, item] of queue) {
      results[at] = await ask(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(places, items.length) }, work));
  return results;
}
