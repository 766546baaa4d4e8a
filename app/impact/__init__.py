"""What followed an intervention, estimated so that recovery which would have come anyway is not counted."""
