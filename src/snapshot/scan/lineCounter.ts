/** Lines and columns of offsets, counted from the offset asked for last. */
export class LineCounter {
  private at: number;
  private line = 1;

  constructor(
    private readonly buffer: Uint8Array,
    private readonly start: number,
  ) {
    this.at = start;
  }

  /** 1-based line of `offset`; a lone carriage return ends a line too. */
  lineAt(offset: number): number {
    const { buffer } = this;
    if (offset >= this.at) {
      for (let pos = this.at; pos < offset; pos++) if (this.breaks(pos)) this.line++;
    } else {
      for (let pos = this.at - 1; pos >= offset; pos--) if (this.breaks(pos)) this.line--;
    }
    this.at = offset;
    return buffer.length === 0 ? 1 : this.line;
  }

  private breaks(pos: number): boolean {
    const byte = this.buffer[pos] ?? 0;
    return byte === 0x0a || (byte === 0x0d && this.buffer[pos + 1] !== 0x0a);
  }

  /** 0-based column of `offset` in UTF-16 units. */
  columnAt(offset: number): number {
    const { buffer } = this;
    let column = 0;
    for (let pos = offset - 1; pos >= this.start && buffer[pos] !== 0x0a && buffer[pos] !== 0x0d; pos--) {
      const byte = buffer[pos] ?? 0;
      if ((byte & 0xc0) !== 0x80) column += byte >= 0xf0 ? 2 : 1;
    }
    return column;
  }
}
