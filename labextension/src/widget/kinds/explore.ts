import { ExploreView } from '../../views/explore';
import { shell } from '../shell';

export default shell(host => new ExploreView(host));
