import { DagView } from '../../views/dag';
import { shell } from '../shell';

export default shell(host => new DagView(host));
