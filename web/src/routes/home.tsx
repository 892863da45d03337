import HomePage from '#platform/home/home-page';
import { modules } from './modules';

/** The home page with the modules' cards. */
export default function HomeRoute() {
  return <HomePage modules={modules} />;
}
