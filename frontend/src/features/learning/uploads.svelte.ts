// Files on their way: what was sent is kept, so that a second try sends only what is missing.
import { Problem } from '../../api/client';
import { uploadEvidence } from './upload';

export class Uploads {
  sent = $state(0);
  size = $state(0);
  name = $state('');
  #kept = new Map<File, string>();

  get running(): boolean {
    return this.name !== '';
  }

  /** The ids of all files; a refusal names the file and stands at the field `evidence_ids`. */
  async send(files: File[]): Promise<string[]> {
    const ids: string[] = [];
    try {
      for (const file of files) {
        const known = this.#kept.get(file);
        const id = known ?? (await this.#one(file));
        this.#kept.set(file, id);
        ids.push(id);
      }
    } finally {
      this.name = '';
    }
    return ids;
  }

  async #one(file: File): Promise<string> {
    this.name = file.name;
    this.size = file.size;
    this.sent = 0;
    try {
      return (await uploadEvidence(file, (sent) => (this.sent = Math.min(sent, file.size)))).id;
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.offline || problem.status === 401) throw problem;
      const why = problem.fields[0]?.message ?? problem.detail;
      throw new Problem({ ...problem.body, fields: [{ field: 'evidence_ids', code: problem.code, message: `${file.name}: ${why}` }] }, problem.status);
    }
  }
}
