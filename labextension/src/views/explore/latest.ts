/** At most one question at a time: while one is underway only the newest of the others waits. */
export class Latest<Question, Answer> {
  private waiting: { question: Question } | null = null;
  private isAsking = false;
  private epoch = 0;

  /** `answered` or `failed` is called for each question that was asked; `isLast`: none is waiting. */
  constructor(
    private readonly ask: (question: Question) => Promise<Answer>,
    private readonly answered: (answer: Answer, isLast: boolean) => void,
    private readonly failed: (problem: unknown, isLast: boolean) => void
  ) {}

  /** Ask, now or once the answer that is underway has come. */
  put(question: Question): void {
    this.waiting = { question };
    if (!this.isAsking) void this.next();
  }

  /** Forget what waits, and the answer that is underway. */
  clear(): void {
    this.waiting = null;
    this.epoch++;
  }

  private async next(): Promise<void> {
    this.isAsking = true;
    while (this.waiting) {
      const { question } = this.waiting;
      this.waiting = null;
      const { epoch } = this;
      const tell = (told: (isLast: boolean) => void): void => {
        if (epoch === this.epoch) told(this.waiting === null);
      };
      await this.ask(question).then(
        answer => tell(isLast => this.answered(answer, isLast)),
        (problem: unknown) => tell(isLast => this.failed(problem, isLast))
      );
    }
    this.isAsking = false;
  }
}
