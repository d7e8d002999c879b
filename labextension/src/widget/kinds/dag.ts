import { WorkflowView } from '../../views/workflow';
import { shell } from '../shell';

export default shell(host => new WorkflowView(host));
