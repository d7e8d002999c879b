import { VersionsView } from '../../views/versions';
import { shell } from '../shell';

export default shell(host => new VersionsView(host));
