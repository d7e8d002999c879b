import { ComparisonView } from '../../views/comparison';
import { shell } from '../shell';

export default shell(host => new ComparisonView(host));
