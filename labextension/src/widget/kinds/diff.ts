import { DiffView } from '../../views/diff';
import { shell } from '../shell';

export default shell(host => new DiffView(host));
