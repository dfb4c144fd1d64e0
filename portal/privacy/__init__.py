"""The privacy desk: what police, courts and persons ask of this house, by when it is answered, and with which words."""
