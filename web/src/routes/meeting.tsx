export default function MeetingRoute(props: { id: string }) {
  return <p>{props.id}</p>;
}
