/**
 * Slack's limits as docc keeps them, in characters unless said otherwise (facts/slack.md section 1;
 * docs.slack.dev/reference/block-kit). Where Slack's own number is uncertain, ours stays below it.
 */
export const limits = {
  /** chat.update refuses more than 4,000. */
  text: 3_800,
  blocks: 50,
  /**
   * All blocks of a message as JSON. Slack's own sum is not documented and refuses from about
   * 13,200; messages with 11,341 characters of words alone have been refused
   * (github.com/slackapi/bolt-js issues 2509 and 2867), so JSON with its overhead is what counts here.
   */
  message: 12_000,
  section: 3_000,
  header: 150,
  contextElements: 10,
  actions: 25,
  button: 75,
  buttonValue: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  accessibilityLabel: 75,
  identifier: 255,
  option: 75,
  options: 100,
  optionValue: 150,
  taskTitle: 150,
  tableRows: 100,
  tableColumns: 20,
  tableCell: 200,
  /** JSON of a table or a preformatted text, which leaves room for the sentences around it. */
  bulk: 8_000,
  inputText: 3_000,
  inputLabel: 2_000,
  placeholder: 150,
  /** Words of one command in a form: more than any command has. */
  wordsInput: 1_000,
  viewBlocks: 100,
  /** JSON of a view in bytes; Slack refuses 250 kB (`view_too_large`). */
  view: 200_000,
  /** Monospaced text in one block of a view; Slack documents no limit of its own for it. */
  viewText: 2_900,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3_000,
  formError: 300,
  /** A manifest that docc reads, in bytes (manifest.md). */
  manifestBytes: 256 * 1024,
  /** A command, click or submission must be acknowledged within 3,000 ms; the rest is the network's. */
  ackMs: 2_500,
} as const;
