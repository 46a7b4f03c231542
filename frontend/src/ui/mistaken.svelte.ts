// How many forms on the screen were refused: the document's title begins with "Error: " while there is one.
class Mistaken {
  count = $state(0);

  /** Counts one until the returned function is called. */
  add(): () => void {
    this.count += 1;
    return () => (this.count -= 1);
  }
}

export const mistaken = new Mistaken();
